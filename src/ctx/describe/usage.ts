import type { AnyCommand } from "../command.ts";
import type { Param } from "../param.ts";

/** Writes what stands for the value of a parameter in a usage line: its choices, else its kind. */
function valueWord(param: Param): string {
  if (param.items !== undefined && param.kind === "tuple") return param.items.map(valueWord).join(" ");
  return param.choices?.join("|") ?? param.kind;
}

/** Writes the usage line of a command: `dir [path] [fields...] [dir_deep] [dir_type both|file|dir|all]`. */
export function usage(command: AnyCommand): string {
  const args = Object.entries<Param>(command.args ?? {}).map(([key, param]) => {
    const name = param.words < 0 ? `${key}...` : key;
    return param.required ? name : `[${name}]`;
  });
  const options = Object.entries<Param>(command.options ?? {}).map(([key, param]) => {
    const said = param.words === 0 ? key : `${key} ${valueWord(param)}${param.kind === "list" ? "..." : ""}`;
    return param.required ? said : `[${said}]`;
  });
  return [command.name, ...args, ...options].join(" ");
}
