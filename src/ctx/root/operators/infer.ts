import type { ChainNode, Tree } from "../../expr/tree.ts";
import { type Type, typeOf } from "../../kit/value.ts";
import type { Columns } from "../../table/batch.ts";

/**
 * Tells of which type the values of an expression are, as far as that can be seen before the first row; `any` where it
 * cannot. Only what is certain counts: a column of the answer is stored by it.
 */
export function typeOfTree(tree: Tree, columns: Columns): Type {
  switch (tree.kind) {
    case "literal":
      return tree.value === null ? "any" : typeOf(tree.value);
    case "name":
    case "column":
      return columns.find(({ name }) => name === tree.name)?.type ?? "any";
    case "text":
      return "text";
    case "list":
      return "list";
    case "map":
      return "map";
    case "compare":
    case "between":
    case "is null":
    case "not":
      return "boolean";
    case "choose": {
      const yes = typeOfTree(tree.yes, columns);
      return yes === typeOfTree(tree.no, columns) ? yes : "any";
    }
    case "chain":
      return typeOfChain(tree, columns);
    default:
      return "any";
  }
}

const isNumber = (type: Type): boolean => type === "integer" || type === "size" || type === "float";

/** Numbers stay numbers, whole ones whole; what times and texts become depends on more than their types. */
function typeOfChain({ first, links }: ChainNode, columns: Columns): Type {
  if (links.every(({ op }) => op === "and" || op === "or")) return "boolean";
  if (links.some(({ op }) => op === "and" || op === "or" || op === "??")) return "any";
  const types = [first, ...links.map(({ value }) => value)].map((tree) => typeOfTree(tree, columns));
  if (!types.every(isNumber)) return "any";
  if (types.includes("float")) return "float";
  return types.every((type) => type === "size") && links.every(({ op }) => op === "+" || op === "-")
    ? "size"
    : "integer";
}
