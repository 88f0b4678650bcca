/**
 * How two nodes prove to each other which keys they have (cluster.md 5.3): HELLO of the dialler, HELLO of the other, AUTH of
 * the dialler, AUTH of the other, each once and in this order. An AUTH signs both HELLOs, and the side, so that none fits
 * another session or the other direction. It looks at nothing but what it is given: messages in, messages out.
 */
import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { fail, type Signer } from "../../ctx/index.ts";
import { Fields, type NodeType } from "./fields.ts";
import { type Frame, type FrameType, frameTypes, writeFrame } from "./frame.ts";

/** The versions of the protocol that are spoken here. */
const versions = [1];
const domain = "ctx-link-v1\0";

/** Who a node says it is. */
export interface Identity {
  /** The name it would like to have; its own address when it is the one above. */
  readonly name: string;
  readonly type: NodeType;
  /** Another one with each start of the process. */
  readonly epoch: string;
  readonly signer: Signer;
}

/** The other side, once it has proven its key. */
export interface Proven {
  readonly name: string;
  readonly type: NodeType;
  readonly epoch: string;
  readonly key: string;
  /** What names this session and no other. */
  readonly transcript: Buffer;
}

export type Role = "dial" | "accept";

export class Handshake {
  readonly #role: Role;
  readonly #self: Identity;
  readonly #hello: Buffer;
  #other: Omit<Proven, "transcript"> | undefined;
  #transcript: Buffer = Buffer.alloc(0);
  #proven: Proven | undefined;

  constructor(role: Role, self: Identity) {
    this.#role = role;
    this.#self = self;
    const { name, type, epoch, signer } = self;
    // A key for a link that is encrypted one day; today it only makes sessions differ.
    const eph = generateKeyPairSync("x25519").publicKey.export({ format: "jwk" }).x;
    const nonce = randomBytes(32).toString("base64url");
    this.#hello = Buffer.from(JSON.stringify({ v: versions, name, type, epoch, key: signer.key, nonce, eph }));
  }

  /** The other side, when both have proven their keys. */
  get proven(): Proven | undefined {
    return this.#proven;
  }
  /** What is sent first: the dialler begins. */
  begin(): readonly Buffer[] {
    return this.#role === "dial" ? [writeFrame(frameTypes.hello, this.#hello)] : [];
  }
  /** Takes a message and gives the answers to it; throws when it is not the one that has to come now. */
  take({ type, body }: Frame): readonly Buffer[] {
    if (this.#other === undefined) return this.#takeHello(type, body);
    if (type !== frameTypes.auth || this.#proven !== undefined) throw outOfOrder();
    const isTrue = this.#self.signer.verify(this.#other.key, this.#signed(opposite(this.#role)), body);
    if (!isTrue) throw fail("bad_signature", { node: this.#other.name });
    this.#proven = { ...this.#other, transcript: this.#transcript };
    return this.#role === "accept" ? [this.#auth()] : [];
  }

  #takeHello(type: FrameType, body: Buffer): readonly Buffer[] {
    if (type !== frameTypes.hello) throw outOfOrder();
    const fields = Fields.read("a HELLO", body);
    if (!fields.list("v").some((one) => versions.includes(one as number))) {
      throw fail("unsupported", { problem: "the two nodes speak no common version" });
    }
    fields.bytes("nonce", 32);
    fields.bytes("eph", 32);
    const key = fields.text("key", "key");
    const [name, epoch] = [fields.text("name", "address"), fields.text("epoch", "epoch")];
    this.#other = { name, epoch, key, type: fields.type("type") };
    const isDialler = this.#role === "dial";
    this.#transcript = digest(isDialler ? [this.#hello, body] : [body, this.#hello]);
    return [isDialler ? this.#auth() : writeFrame(frameTypes.hello, this.#hello)];
  }
  #auth(): Buffer {
    return writeFrame(frameTypes.auth, this.#self.signer.sign(this.#signed(this.#role)));
  }
  #signed(role: Role): Buffer {
    return Buffer.concat([Buffer.from(`${domain}${role}\0`), this.#transcript]);
  }
}

const opposite = (role: Role): Role => (role === "dial" ? "accept" : "dial");
const outOfOrder = () => fail("failed", { problem: "a message out of order" });

/** A hash of both HELLOs; each is hashed for itself, so that no byte can move from one to the other. */
function digest(hellos: readonly Buffer[]): Buffer {
  const whole = createHash("sha256");
  for (const hello of hellos) whole.update(createHash("sha256").update(hello).digest());
  return whole.digest();
}
