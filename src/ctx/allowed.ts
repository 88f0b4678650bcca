import { guard } from "./ports.ts";
import type { Found, Tree } from "./tree.ts";
import type { Who } from "./who.ts";

/** Tells which commands a caller may run, for help, completion and pages that show no others. */
export function allowedTo(tree: Tree, who: Who): (found: Found) => boolean {
  const check = tree.use(guard);
  return (found) => {
    try {
      check(found, who);
      return true;
    } catch {
      return false;
    }
  };
}
