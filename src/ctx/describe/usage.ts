import type { AnyCommand } from "../command.ts";
import type { Param } from "../param.ts";

/** Writes what stands for the value of a parameter: its choices, else its kind. */
export function valueWord(param: Param): string {
  if (param.items !== undefined && param.kind === "tuple") return param.items.map(valueWord).join(" ");
  return param.choices?.join("|") ?? (param.kind === "list" ? (param.items?.[0]?.kind ?? "text") : param.kind);
}

/** Writes the usage line of a command: `dir [path [fields...]] [dir_deep] [dir_type both|file|dir|all]`. */
export function usage(command: AnyCommand): string {
  const options = Object.entries<Param>(command.options ?? {}).map(([key, param]) => {
    const said = param.words === 0 ? key : `${key} ${valueWord(param)}${param.kind === "list" ? "..." : ""}`;
    return param.required ? said : `[${said}]`;
  });
  return [command.name, ...argWords(Object.entries<Param>(command.args ?? {})), ...options].join(" ");
}

/** Writes positional parameters; each optional one stands inside the brackets of the one it needs before it. */
function argWords(args: readonly (readonly [string, Param])[]): string[] {
  const words: string[] = [];
  let optional = "";
  for (const [key, param] of args) {
    const name = param.words < 0 ? `${key}...` : key;
    if (param.required) words.push(name);
    else optional += optional === "" ? `[${name}` : ` [${name}`;
  }
  const depth = args.filter(([, param]) => !param.required).length;
  return depth === 0 ? words : [...words, optional + "]".repeat(depth)];
}
