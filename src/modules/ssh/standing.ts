/** Where this node stands in the tree of nodes: its address, and the certificates that prove it. */
import { CtxError, type Signer } from "../../ctx/index.ts";
import { readOwnChain } from "./above.ts";
import { type Certificate, certificateLife, makeCertificate, readChain } from "./certificate.ts";
import type { NodeType } from "./fields.ts";
import type { KnownAbove } from "./known.ts";

export interface StandingOptions {
  readonly name: string;
  readonly type: NodeType;
  readonly signer: () => Signer;
  readonly now: () => number;
}

export class Standing {
  readonly #options: StandingOptions;
  #address: string;
  /** From the root to this node; a root makes its own when it is needed, and with it its key. */
  #chain: readonly string[] | undefined;
  #certificates: readonly Certificate[] = [];

  constructor(options: StandingOptions) {
    this.#options = options;
    this.#address = options.name;
  }
  /** The address; a node without one above is called by its name. */
  get address(): string {
    return this.#address;
  }
  get signer(): Signer {
    return this.#options.signer();
  }
  chain(): readonly string[] {
    if (this.#chain === undefined) {
      const { type } = this.#options;
      this.#chain = [this.certify(this.#address, this.signer.key, type)];
      this.#certificates = readChain(this.#chain, { verify: this.signer.verify });
    }
    return this.#chain;
  }
  /** The certificates of this node and those above it, root first. */
  get certificates(): readonly Certificate[] {
    this.chain();
    return this.#certificates;
  }
  /** Lets a root sign its own certificate anew. */
  renew(): void {
    if (this.#certificates.length === 1) this.#chain = undefined;
  }
  /** Takes the chain that the node above has given; throws when it does not hold. Gives the address of the one above. */
  adopt({ chain, key }: KnownAbove): string {
    const { certificates, own, above } = readOwnChain(chain, key, this.signer);
    this.#certificates = certificates;
    this.#chain = chain;
    this.#address = own.sub;
    return above.sub;
  }
  /** Certifies a node directly below. */
  certify(address: string, key: string, type: NodeType): string {
    const iat = this.#options.now();
    return makeCertificate(
      { sub: address, key, type, iss: this.#address, iat, exp: iat + certificateLife },
      this.signer,
    );
  }

  /** The key of this node or of one above it. */
  keyOf(address: string): string | undefined {
    if (address === this.#address) return this.signer.key;
    return this.#certificates.find(({ sub }) => sub === address)?.key;
  }
  /** The key that a chain proves for an address, if it is of this tree and holds today. */
  keyFromChain(address: string, chain: readonly string[]): string | undefined {
    const [ownRoot] = this.certificates;
    try {
      const read = readChain(chain, { verify: this.signer.verify, now: this.#options.now() });
      const last = read.at(-1);
      const isOurs = read[0]?.key === ownRoot?.key && read[0]?.sub === ownRoot?.sub;
      return isOurs && last?.sub === address ? last.key : undefined;
    } catch (error) {
      if (error instanceof CtxError) return undefined;
      throw error;
    }
  }
}
