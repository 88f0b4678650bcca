import { isConfig } from "../context.ts";
import type { Param } from "../param.ts";
import type { Found } from "../tree.ts";

/** Gives the default of a parameter as a JSON value, a setting's as it is now; none for flags, secrets and empty lists. */
export function defaultValue({ node }: Found, { default: given, kind }: Param): unknown {
  if (kind === "secret" || kind === "flag") return undefined;
  const value: unknown = isConfig(given) ? node.tree.conf(given) : given;
  if (Array.isArray(value) && value.length === 0) return undefined;
  return value instanceof Date ? value.toISOString() : value;
}

/** Writes the default of a parameter as people read it: the value, or the setting it comes from. */
export function defaultText(found: Found, param: Param): string {
  if (param.kind === "secret") return "";
  if (isConfig(param.default)) return `config ${param.default.name}`;
  const value = defaultValue(found, param);
  if (value === undefined) return "";
  return typeof value === "string" && value !== "" ? value : JSON.stringify(value);
}
