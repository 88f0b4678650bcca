/** Operators that take a column as their next word, whatever that word is. */
const takesColumn: ReadonlySet<string> = new Set([
  "select",
  "hide",
  "rename",
  "set",
  "eq",
  "reg",
  "group",
  "order",
  "expand",
  "trans_map",
  "format",
]);

/** The same for operators that count only as the first word of a stage. */
const takesColumnFirst: ReadonlySet<string> = new Set(["sum", "avg", "min", "max", "pivot", "chart"]);

/** Aggregates inside of `group`. */
const aggregates: ReadonlySet<string> = new Set(["sum", "avg", "min", "max"]);

/** Follows the words of a stage and tells after which of them an expression stands. */
export interface ExpressionWatch {
  /** Takes the text of a word, or `undefined` for one that was not typed bare; true when an expression follows. */
  word(bare: string | undefined): boolean;
}

/** Watches a command: `where EXPR` and `set NAME EXPR` count as its first word. */
export function watchCall(): ExpressionWatch {
  let seen = 0;
  let set = false;
  return {
    word(bare) {
      seen++;
      if (seen === 1) set = bare === "set";
      return seen === 1 ? bare === "where" : seen === 2 && set;
    },
  };
}

/** Watches a `%` stage: there the two may stand anywhere, but not where an operator still needs its column. */
export function watchOperators(): ExpressionWatch {
  let first = true;
  let needs = false;
  let operator = "";
  return {
    word(bare) {
      const isFirst = first;
      first = false;
      if (needs) {
        needs = false;
        return operator === "set";
      }
      if (bare === undefined) return false;
      if (bare === "where") {
        operator = bare;
        return true;
      }
      if (takesColumn.has(bare) || (isFirst && takesColumnFirst.has(bare))) {
        operator = bare;
        needs = true;
      } else if (operator === "group" && aggregates.has(bare)) needs = true;
      return false;
    },
  };
}

/** Tells whether the first word of a command names a context; `~` alone and `~/…` are the home folder. */
export function isContextName(bare: string | undefined): bare is string {
  return bare !== undefined && bare.length > 1 && bare.startsWith("~") && !bare.includes("/");
}
