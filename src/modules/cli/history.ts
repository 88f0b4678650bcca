import { after, defineCommand, fail, integer, script, text, time } from "../../ctx/index.ts";

export const history = defineCommand({
  name: "history",
  help: { en: "List the lines of this shell, or run one again", zh: "查看历史命令" },
  effect: "write",
  args: { number: integer({ en: "Number of a line to run again", zh: "序号" }, { optional: true, min: 0 }) },
  columns: {
    index: integer({ en: "Number of the line", zh: "序号" }),
    time: time({ en: "When it was run", zh: "时间" }),
    line: text({ en: "What was typed", zh: "命令" }),
  },
  examples: [
    {
      help: "The last lines of this shell",
      shell: `
        > history % last 3
        index  time  line`,
    },
  ],
  run(m, { number }) {
    const lines = m.who.session.history;
    if (number === undefined) {
      for (const [index, entry] of lines.entries()) m.push({ index, time: new Date(entry.time), line: entry.line });
      return;
    }
    const entry = lines[number];
    if (entry === undefined) throw fail("not_found", { what: "line of the history", name: String(number) });
    m.nothing();
    const { who, out, signal } = m;
    return after(
      m
        .use(script)
        .run({ source: { text: entry.line, name: `history ${number}` }, who, out, signal, travel: m.travel }),
      () => undefined,
    );
  },
});
