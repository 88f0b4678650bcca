import { defineCommand } from "../command.ts";
import { fail } from "../errors.ts";
import { duration, integer, text, time } from "../param.ts";

export const message = defineCommand({
  name: "message",
  help: { en: "List the last messages of this node", zh: "查看最近的消息" },
  effect: "admin",
  args: { code: integer("Serial number of one message", { optional: true, min: 1 }) },
  options: { trace: text("Only those of one trace", { optional: true }) },
  columns: {
    code: integer("Serial number"),
    time: time("When it began"),
    source: text("Context that asked"),
    target: text("Context that answered"),
    detail: text("The words; secrets are left out"),
    ms: duration("How long it took"),
    user: text("Who asked"),
    error: text("Code of the error, if it failed"),
    trace: text("What it belongs to"),
  },
  examples: [
    {
      help: "The slowest of the last messages",
      shell: `
        > message % order ms desc limit 1 code detail
        code  detail
        …`,
    },
  ],
  run(m, { code, trace }) {
    const all = m.tree.ring.list();
    const kept = all.filter(
      (record) => (code === undefined || record.code === code) && (trace === undefined || record.trace === trace),
    );
    if (kept.length === 0 && code !== undefined) throw fail("not_found", { what: "message", name: String(code) });
    for (const record of kept) {
      m.push({
        code: record.code,
        time: new Date(record.time),
        source: record.source,
        target: record.target,
        detail: record.detail.join(" "),
        ms: Math.round(record.ms * 1000) / 1000,
        user: record.user,
        error: record.error,
        trace: record.trace,
      });
    }
  },
});
