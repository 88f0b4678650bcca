/** Addresses of nodes and the way to them: pure functions, which compare whole labels and never a beginning of text (S4). */
import type { Place } from "./network.ts";

/** The most labels an address has: as many as a frame may make hops. */
export const deepest = 16;
/** The longest label, in bytes: that of a file name. */
const longestLabel = 255;

/** The longest address, in bytes: it stands in each certificate twice. */
export const longestAddress = 1024;

/** Tells whether a text can be the name of a node: one label of an address. */
export function isLabel(text: string): boolean {
  return /^[\p{L}\p{N}_-]+$/u.test(text) && Buffer.byteLength(text) <= longestLabel;
}
/** Tells whether a text is an address. */
export function isAddress(text: string): boolean {
  const labels = text.split(".");
  return labels.length <= deepest && Buffer.byteLength(text) <= longestAddress && labels.every(isLabel);
}

/** The address of the node above; empty for a root. */
export function parentOf(address: string): string {
  return address.slice(0, Math.max(0, address.lastIndexOf(".")));
}
/** The last label. */
export function labelOf(address: string): string {
  return address.slice(address.lastIndexOf(".") + 1);
}
/** Tells whether an address is that of a node or of one below it. A label has no dot, so that the next one ends the label. */
export function isInside(address: string, top: string): boolean {
  return address.startsWith(top) && (address.length === top.length || address[top.length] === ".");
}
/** Tells whether an address is that of a node below another. */
export function isBelow(address: string, top: string): boolean {
  return address.length > top.length && isInside(address, top);
}

/** Where an address is, seen from a node. */
export function placeOf(address: string, own: string): Place {
  if (address === own) return "self";
  if (isBelow(address, own)) return "below";
  return isBelow(own, address) ? "above" : "elsewhere";
}

/** Which way a frame goes: it is for this node, for the child of a name, for the node above, or there is no way. */
export type Way = { readonly to: "self" | "up" | "none" } | { readonly to: "child"; readonly name: string };

/** Finds the way to an address: down to the child whose subtree it is in, else up. */
export function wayTo(address: string, own: string, hasChild: (name: string) => boolean, hasAbove: boolean): Way {
  if (address === own) return { to: "self" };
  if (!isBelow(address, own)) return { to: hasAbove ? "up" : "none" };
  const rest = address.slice(own.length + 1);
  const dot = rest.indexOf(".");
  const name = dot < 0 ? rest : rest.slice(0, dot);
  return hasChild(name) ? { to: "child", name } : { to: "none" };
}
