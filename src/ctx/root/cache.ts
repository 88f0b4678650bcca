import { defineCommand } from "../command.ts";
import { fail } from "../errors.ts";
import type { Message } from "../message.ts";
import { any, text } from "../param.ts";
import type { CacheSlot, ContextNode } from "../tree.ts";
import { cacheNames, verbsAnd } from "./names.ts";

function row(m: Message, slot: CacheSlot, key = slot.declared.name): void {
  m.push({ key, value: m.cap(slot.declared), name: m.say(slot.declared.help) });
}

/** Makes a live fact at run time: a plain text without hooks. */
function make(node: ContextNode, name: string, value: string): void {
  const declared = { token: "cache", name, help: name, value } as const;
  const slot = { node, declared, value };
  node.caches.set(name, slot);
  node.tree.slots.set(declared, slot);
}

export const cache = defineCommand({
  name: "cache",
  help: { en: "List, show, set, add and delete live facts", zh: "查看与修改缓存" },
  effect: "write",
  args: {
    key: text("Live fact; or all, delete, search", {
      optional: true,
      complete: verbsAnd(["all", "delete", "search"], cacheNames),
    }),
    value: text("What to set it to, or which one the verb means", { optional: true }),
  },
  columns: { key: text("Live fact"), value: any("What it is now"), name: text("What it says") },
  examples: [
    {
      help: "How many modules there are",
      shell: `
        > cache ncontext
        …`,
    },
  ],
  run(m, { key, value }) {
    const { context } = m.who.session;
    if (key === undefined) {
      for (const slot of context.caches.values()) row(m, slot);
      return;
    }
    if (key === "all" || key === "search") {
      const topic = (key === "search" ? (value ?? "") : "").toLowerCase();
      for (const node of m.tree.root.walk()) {
        for (const slot of node.caches.values()) {
          const name = `${node.name}.${slot.declared.name}`;
          if (`${name} ${m.say(slot.declared.help)}`.toLowerCase().includes(topic)) row(m, slot, name);
        }
      }
      return;
    }
    m.nothing();
    if (key === "delete") {
      const slot = context.findCache(value ?? "");
      if (slot === undefined) throw fail("not_found", { what: "cache", name: value ?? "" });
      slot.node.caches.delete(slot.declared.name);
      return;
    }
    const slot = context.findCache(key);
    if (value === undefined) return slot === undefined ? undefined : String(m.cap(slot.declared));
    if (slot === undefined) make(context, key, value);
    else m.setCap(slot.declared, typeof slot.value === "number" && /^-?\d+$/.test(value) ? Number(value) : value);
    return;
  },
});
