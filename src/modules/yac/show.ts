import { defineCommand, type Help, text } from "../../ctx/index.ts";

/** The grammar of lines as people read it; the parser is written by hand. */
const rules: readonly { readonly rule: string; readonly pattern: string; readonly help: Help }[] = [
  {
    rule: "script",
    pattern: "[statement] (newline | ;) …",
    help: { en: "Statements, one after the other", zh: "依次执行的语句" },
  },
  {
    rule: "statement",
    pattern: "pipeline [(&& | ||) pipeline]…",
    help: { en: "By success; && and || are equal, left first", zh: "按成败连接，从左到右" },
  },
  {
    rule: "pipeline",
    pattern: "command [| command]… [% operator…]…",
    help: { en: "What one gives, the next takes", zh: "管道" },
  },
  {
    rule: "command",
    pattern: "[~context] word… [condition]… [redirection]…",
    help: { en: "A command, in another context if one is named", zh: "命令" },
  },
  {
    rule: "condition",
    pattern: "(? | ??) expression",
    help: { en: "Runs if all ? and, where there are ??, one of them is true", zh: "条件" },
  },
  {
    rule: "redirection",
    pattern: "(> | >> | < | 2>) file, 2>&1, (>$ | >@) name [column]",
    help: { en: "Into files, out of files, into variables and configs", zh: "重定向" },
  },
  {
    rule: "operator",
    pattern: "word…, where expression, set name expression",
    help: { en: "Work on a table", zh: "表格操作" },
  },
  {
    rule: "word",
    pattern: "part… without blanks between",
    help: { en: "Parts that touch are one word", zh: "词" },
  },
  {
    rule: "part",
    pattern: `bare, 'raw', "text", $name, @name, $(command), $[expression]`,
    help: { en: "What words are made of", zh: "词的组成" },
  },
];

export const show = defineCommand({
  name: "show",
  help: { en: "List the rules of the grammar", zh: "查看语法规则" },
  effect: "read",
  columns: {
    rule: text({ en: "Name of the rule", zh: "规则" }),
    pattern: text({ en: "What it is made of", zh: "模式" }),
    help: text({ en: "What it is for", zh: "说明" }),
  },
  examples: [
    {
      help: "What a pipeline is made of",
      shell: `
        > yac.show % eq rule pipeline select rule pattern
        rule      pattern
        pipeline  command [| command]… [% operator…]…`,
    },
  ],
  run: (m) => rules.map(({ rule, pattern, help }) => ({ rule, pattern, help: m.say(help) })),
});
