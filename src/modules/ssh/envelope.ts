/**
 * What travels from one node to another, sealed from end to end (cluster.md 5.5, 5.6): all that one node has to say to
 * another in one turn of the event loop is one batch with one signature, whose bytes are checked as they came before
 * anything in them is read.
 *
 *     signature (64)   u16 length of chain   chain   u32 length of head   head (JSON)   bytes
 *
 * Signed is `"ctx-env-v1\0"` and the SHA-256 of everything behind the signature. The chain holds the certificates of the
 * sender, one a line, where the other side cannot know its key. The head says who speaks to whom and when, and lists the
 * items; the bytes of the items that have some follow in their order.
 */
import { hash } from "node:crypto";
import { fail, type Signer } from "../../ctx/index.ts";

/** The first version of this form. */
const version = 1;
const domain = Buffer.from("ctx-env-v1\0");
const signatureSize = 64;

/** A word on a link: plain when it was typed bare, in an object when it was quoted and is never an option. */
export type SentWord = string | { readonly text: string };

/** A call. Its id is unique among those of its sender since that started. */
export interface Request {
  readonly id: string;
  readonly args: readonly SentWord[];
  /** The input object of the command, in place of words after its name. */
  readonly input?: { readonly [key: string]: unknown };
  readonly user: string;
  readonly lang: string;
  readonly trace: string;
}
/** A part of an answer: so many bytes of it; `rh` is the hash of the batch that asked, `fin` says that it was the last. */
export interface Reply {
  readonly re: string;
  readonly rh: string;
  n: number;
  fin?: true;
}
/** The caller has read so many bytes and takes as many more. */
export interface Credit {
  readonly credit: string;
  readonly more: number;
}
/** Nobody wants the rest. */
export interface Cancel {
  readonly cancel: string;
}
export type Item = Request | Reply | Credit | Cancel;

/** Who speaks to whom and when. Times are milliseconds since 1970. */
export interface Head {
  readonly v: number;
  readonly src: string;
  readonly dst: string;
  readonly iat: number;
  readonly exp: number;
  /** Which start of the sender this is, and the how manieth batch since. */
  readonly epoch: string;
  readonly seq: number;
  readonly items: readonly Item[];
}

/** A batch that was sealed or opened, and the hash that answers to it name. */
export interface Sealed {
  readonly body: Buffer;
  readonly hash: string;
}
export interface Opened {
  readonly head: Head;
  readonly bytes: Buffer;
  readonly hash: string;
}

/** Writes and signs a batch. */
export function seal(head: Head, parts: readonly Uint8Array[], chain: readonly string[], signer: Signer): Sealed {
  const certificates = chain.join("\n");
  const json = JSON.stringify(head);
  const chainLength = certificates.length;
  const jsonLength = Buffer.byteLength(json);
  let length = 0;
  for (const part of parts) length += part.length;
  const body = Buffer.allocUnsafe(signatureSize + 2 + chainLength + 4 + jsonLength + length);
  let at = body.writeUInt16BE(chainLength, signatureSize);
  at += body.write(certificates, at, "latin1");
  at = body.writeUInt32BE(jsonLength, at);
  at += body.write(json, at);
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  const digest = digestOf(body);
  body.set(signer.sign(signedBytes(digest)), 0);
  return { body, hash: nameOf(digest) };
}

/** Gives the certificates that came with a batch: not checked yet, and not believed before they are. */
export function chainIn(body: Buffer): string[] {
  if (body.length < signatureSize + 6) throw damaged("is too short");
  const length = body.readUInt16BE(signatureSize);
  const chain = body.toString("latin1", signatureSize + 2, signatureSize + 2 + length);
  return chain === "" ? [] : chain.split("\n");
}

/** Checks the signature of a batch, then reads it; throws `bad_signature`, or `failed` for what is no batch of ours. */
export function open(body: Buffer, src: string, key: string, signer: Signer): Opened {
  if (body.length < signatureSize + 6) throw damaged("is too short");
  const digest = digestOf(body);
  if (!signer.verify(key, signedBytes(digest), body.subarray(0, signatureSize))) {
    throw fail("bad_signature", { node: src });
  }
  const headAt = signatureSize + 2 + body.readUInt16BE(signatureSize) + 4;
  if (headAt > body.length) throw damaged("ends too early");
  const bytesAt = headAt + body.readUInt32BE(headAt - 4);
  if (bytesAt > body.length) throw damaged("ends too early");
  return {
    head: readHead(body.toString("utf8", headAt, bytesAt)),
    bytes: body.subarray(bytesAt),
    hash: nameOf(digest),
  };
}

function digestOf(body: Buffer): Buffer {
  return hash("sha256", body.subarray(signatureSize), "buffer");
}
const signedBytes = (digest: Buffer): Buffer => Buffer.concat([domain, digest]);
/** Half of a SHA-256 is more than enough to tell batches apart. */
const nameOf = (digest: Buffer): string => digest.toString("base64url", 0, 16);

function readHead(text: string): Head {
  let head: unknown;
  try {
    head = JSON.parse(text);
  } catch (cause) {
    throw fail("failed", { problem: "a batch has no head that can be read" }, { cause });
  }
  const { v, src, dst, iat, exp, epoch, seq, items } = Object(head) as { readonly [K in keyof Head]: unknown };
  if (v !== version) throw damaged("is of another version");
  const fits =
    typeof src === "string" &&
    typeof dst === "string" &&
    typeof epoch === "string" &&
    [iat, exp, seq].every((number) => Number.isSafeInteger(number)) &&
    Array.isArray(items) &&
    items.every((item) => typeof item === "object" && item !== null);
  if (!fits) throw damaged("has a head that is none");
  return head as Head;
}

const damaged = (what: string) => fail("failed", { problem: `a batch ${what}` });
