/**
 * What binds a key to an address: a certificate, signed by the node directly above, and the chain of them from the root.
 * The form is ours and compact, `base64url(json).base64url(signature)`; these functions are all that know it.
 */
import { fail, type Signer } from "../../ctx/index.ts";
import { Fields, type NodeType } from "./fields.ts";
import { deepest, parentOf } from "./route.ts";

export interface Certificate {
  /** The address that is bound, and the key it is bound to. */
  readonly sub: string;
  readonly key: string;
  readonly type: NodeType;
  /** The address of the node that signed: the one directly above; a root signs for itself. */
  readonly iss: string;
  /** From when to when it holds, in milliseconds since 1970. */
  readonly iat: number;
  readonly exp: number;
}

/** How long a certificate holds, in milliseconds. */
export const certificateLife = 7 * 24 * 3_600_000;
/** The longest certificate, as text: a whole chain has to fit in front of a message. */
const longest = 4000;
/** How far the clocks of two machines may be apart, in milliseconds. */
const skew = 5 * 60_000;
/** What is signed begins with this, so that nothing else that a node signs is a certificate. */
const domain = Buffer.from("ctx-cert-v1\0");

/** Makes a certificate, signed by the node of this signer. */
export function makeCertificate({ sub, key, type, iss, iat, exp }: Certificate, signer: Signer): string {
  const bytes = Buffer.from(JSON.stringify({ v: 1, sub, key, type, iss, iat, exp }));
  return `${bytes.toString("base64url")}.${signer.sign(Buffer.concat([domain, bytes])).toString("base64url")}`;
}

interface Opened extends Certificate {
  readonly bytes: Buffer;
  readonly signature: Buffer;
}

function open(text: string): Opened {
  if (text.length > longest) throw fail("too_large", { problem: `a certificate is longer than ${longest} characters` });
  const [json = "", signature = "", ...more] = text.split(".");
  if (more.length > 0) throw fail("failed", { problem: "a certificate has two parts" });
  const bytes = Buffer.from(json, "base64url");
  const fields = Fields.read("a certificate", bytes);
  if (fields.integer("v") !== 1) throw fail("unsupported", { problem: "a certificate is of another version" });
  return {
    bytes,
    signature: Buffer.from(signature, "base64url"),
    sub: fields.text("sub", "address"),
    key: fields.text("key", "key"),
    type: fields.type("type"),
    iss: fields.text("iss", "address"),
    iat: fields.integer("iat"),
    exp: fields.integer("exp"),
  };
}

/** What a certificate is checked against. */
export interface Checking {
  readonly verify: Signer["verify"];
  /** Milliseconds since 1970; left out where a certificate that has run out is good enough: for a node that is offline. */
  readonly now?: number | undefined;
}

/** Reads a certificate that the node of an address and a key must have signed; throws when it does not hold. */
export function readCertificate(text: string, iss: string, issuerKey: string, { verify, now }: Checking): Certificate {
  const { bytes, signature, ...certificate } = open(text);
  const { sub, iat, exp } = certificate;
  const refuse = (why: string) => fail("not_allowed", { problem: `the certificate of ${sub} ${why}` });
  if (certificate.iss !== iss) throw refuse(`is by ${certificate.iss}, not by ${iss}`);
  if (iss !== sub && parentOf(sub) !== iss) throw refuse(`is by ${iss}, which is not directly above it`);
  if (now !== undefined && (iat > now + skew || exp < now - skew)) throw refuse("does not hold at this time");
  if (!verify(issuerKey, Buffer.concat([domain, bytes]), signature)) throw fail("bad_signature", { node: iss });
  return certificate;
}

/**
 * Reads the certificates from a root to a node, each signed by the one before it; throws when one does not hold. Who the
 * root is has to be checked by whoever calls.
 */
export function readChain(chain: readonly string[], checking: Checking): readonly Certificate[] {
  if (chain.length === 0 || chain.length > deepest) {
    throw fail("failed", { problem: `a chain has 1 to ${deepest} certificates, not ${chain.length}` });
  }
  const read: Certificate[] = [];
  for (const text of chain) {
    const issuer = read.at(-1) ?? open(text);
    const certificate = readCertificate(text, issuer.sub, issuer.key, checking);
    if (read.length === 0 ? parentOf(certificate.sub) !== "" : certificate.sub === issuer.sub) {
      throw fail("not_allowed", { problem: `the certificate of ${certificate.sub} stands in a wrong place` });
    }
    read.push(certificate);
  }
  return read;
}
