/** The key of this node: an Ed25519 key in a file of its own, made when it is needed first. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { dirname, join } from "node:path";
import { createPrivate, fail, makePrivateFolder, readPrivate, type Signer } from "../../ctx/index.ts";

/** Where the key of a node is kept, in its folder. */
export const keyFile = "var/run/node/key.pem";

/** Gives the signer of the node of a folder, the same each time; its key is read, or made, with the first call. */
export function keepSigner(home: string): () => Signer {
  let kept: Signer | undefined;
  return () => {
    kept ??= makeSigner(openKey(join(home, keyFile)));
    return kept;
  };
}

function openKey(file: string): KeyObject {
  const known = readPrivate(file);
  if (known !== undefined) return readKey(known.text, file);
  makePrivateFolder(dirname(file));
  const { privateKey } = generateKeyPairSync("ed25519");
  const made = createPrivate(file, privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  // Another process may have made it at the same moment: then that one counts.
  return made ? privateKey : readKey(readPrivate(file)?.text ?? "", file);
}

function readKey(text: string, file: string): KeyObject {
  const hint = "put the right file back; without it this node is another one, and has to join anew";
  const refuse = () => fail("failed", { problem: `${file} is no Ed25519 key` }, { hint });
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch {
    throw refuse();
  }
  if (key.asymmetricKeyType !== "ed25519") throw refuse();
  return key;
}

function makeSigner(secret: KeyObject): Signer {
  const keys = new PublicKeys();
  return {
    key: createPublicKey(secret).export({ format: "jwk" }).x ?? "",
    sign: (bytes) => sign(null, bytes, secret),
    verify(key, bytes, signature) {
      const known = keys.get(key);
      return known !== undefined && signature.length === 64 && verify(null, bytes, known, signature);
    },
  };
}

/** Public keys that are ready for use, by their text. Making one costs more than a verification. */
class PublicKeys {
  readonly #known = new Map<string, KeyObject | undefined>();
  /** How many are kept; the oldest go first. */
  static readonly most = 2000;

  get(text: string): KeyObject | undefined {
    if (this.#known.has(text)) return this.#known.get(text);
    const key = publicKey(text);
    const [oldest] = this.#known.keys();
    if (this.#known.size >= PublicKeys.most && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(text, key);
    return key;
  }
}

/** Reads a public key; undefined for what is none, or is not written in the one way a key is. */
function publicKey(text: string): KeyObject | undefined {
  const bytes = Buffer.from(text, "base64url");
  if (bytes.length !== 32 || bytes.toString("base64url") !== text) return undefined;
  try {
    return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: text }, format: "jwk" });
  } catch {
    return undefined;
  }
}

const letters = "abcdefghijklmnopqrstuvwxyz234567";

/** The id of a key: the first 20 bytes of the SHA-256 of its standard form (SPKI), base32. */
export function keyId(text: string): string {
  const spki = publicKey(text)?.export({ type: "spki", format: "der" }) ?? Buffer.alloc(0);
  const digest = createHash("sha256").update(spki).digest();
  let bits = "";
  for (const byte of digest.subarray(0, 20)) bits += byte.toString(2).padStart(8, "0");
  return (bits.match(/.{5}/g) ?? []).map((five) => letters[Number.parseInt(five, 2)]).join("");
}
