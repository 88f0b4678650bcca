/** What the commands of the root offer while a name is typed: modules, settings, live facts, commands. */
import { helpIn } from "../help-text.ts";
import { getChain, splitChain } from "../kit/chain.ts";
import { isMap, type Value } from "../kit/value.ts";
import type { Completer, Suggestion } from "../param.ts";
import type { ConfigSlot, ContextNode } from "../tree.ts";

/** Offers modules: by name, and by route where they are not at the top. */
export const contextNames: Completer = (_typed, { from }) =>
  [...from.tree.root.walk()].map((node) => ({ value: routeOf(node), help: helpIn(node.help) }));

function routeOf(node: ContextNode): string {
  return node.parent === undefined ? node.name : node.path.slice(node.tree.root.name.length + 1);
}

/** Offers settings that can be named here; after a dot, the keys of a map. */
export const configNames: Completer = (typed, { from }) => {
  const dot = typed.lastIndexOf(".");
  const slots = visible(from, (node) => node.configs);
  const names = [...slots.values()].map(({ name, help }) => ({ value: name, help: helpIn(help) }));
  return dot < 0 ? names : [...names, ...keysBelow(slots, typed.slice(0, dot))];
};

function keysBelow(slots: ReadonlyMap<string, ConfigSlot>, chain: string): Suggestion[] {
  const fitting = [...slots.values()].filter(({ name }) => chain === name || chain.startsWith(`${name}.`));
  const slot = fitting.sort((a, b) => b.name.length - a.name.length)[0];
  if (slot === undefined) return [];
  const value = getChain(slot.value as Value, splitChain(chain.slice(slot.name.length + 1)));
  return isMap(value) ? Object.keys(value).map((key) => ({ value: `${chain}.${key}`, help: "" })) : [];
}

/** Offers live facts that can be named here. */
export const cacheNames: Completer = (_typed, { from }) =>
  [...visible(from, (node) => node.caches)].map(([value, { declared }]) => ({ value, help: helpIn(declared.help) }));

/** Offers commands that can be typed here, and modules. */
export const topics: Completer = (typed, at) => [
  ...[...visible(at.from, (node) => node.commands)].map(([value, { command }]) => ({
    value,
    help: helpIn(command.help),
  })),
  ...(contextNames(typed, at) as Suggestion[]),
];

/** Puts words that mean something else before what a completer offers. */
export function verbsAnd(verbs: readonly string[], names: Completer): Completer {
  return async (typed, at) => [...verbs, ...(await names(typed, at))];
}

/** Gathers what the contexts of a lookup hold by name; the nearest one wins. */
function visible<T>(from: ContextNode, held: (node: ContextNode) => ReadonlyMap<string, T>): Map<string, T> {
  const found = new Map<string, T>();
  for (const node of from.lookup()) {
    for (const [name, one] of held(node)) if (!found.has(name)) found.set(name, one);
  }
  return found;
}
