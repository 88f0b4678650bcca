/** What a person means by the name of a node: an address from the root, or a name as it is seen from here. */
import { isBelow } from "./route.ts";

/** What this node knows of the tree of nodes. */
interface View {
  readonly own: string;
  /** Whether there is a node above. */
  readonly hasAbove: boolean;
  /** Tells whether there is a node of that address below. */
  readonly knows: (address: string) => boolean;
}

/**
 * Gives the address that a name stands for; undefined when there is no such node and nobody above to ask.
 * The first label decides (the seed's rule): a node right below; this node itself, whose name is dropped; else upward.
 */
export function resolveAddress(given: string, { own, hasAbove, knows }: View): string | undefined {
  const name = given.startsWith(".") ? given.slice(1) : given;
  if (name === "" || name === own) return own;
  const dot = name.indexOf(".");
  const first = dot < 0 ? name : name.slice(0, dot);
  const below = (address: string): string | undefined => (knows(address) ? address : undefined);
  if (knows(`${own}.${first}`)) return below(`${own}.${name}`);
  if (isBelow(name, own)) return below(name);
  const labels = own.split(".");
  if (name === labels.at(-1)) return own;
  if (!hasAbove) return undefined;
  if (first === labels[0]) return name;
  return `${labels.slice(0, -1).join(".")}.${name}`;
}
