import { didYouMean, type Found, fail, hasHttp, httpMethod, httpPath, type Tree } from "../../ctx/index.ts";
import { Refusal } from "./problem.ts";

/**
 * Paths to commands. Commands come and go while the node runs, so this is a map of our own, made anew when the tree has
 * changed, behind one route of the server.
 */
export class Routes {
  readonly #tree: Tree;
  #byPath = new Map<string, Found>();
  #version = -1;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** Gives all commands that have a path. */
  get all(): ReadonlyMap<string, Found> {
    if (this.#version !== this.#tree.version) {
      this.#version = this.#tree.version;
      this.#byPath = new Map();
      for (const node of this.#tree.root.walk()) {
        for (const found of node.commands.values()) if (hasHttp(found)) this.#byPath.set(httpPath(found), found);
      }
    }
    return this.#byPath;
  }

  /** Finds the command of a path for a method; throws what HTTP answers when there is none, or none for that method. */
  find(path: string, method: string | undefined): Found {
    const found = this.all.get(path);
    if (found === undefined) {
      const hint = didYouMean(path, this.#byPath.keys()) ?? "/openapi.json lists all paths";
      throw new Refusal(fail("not_found", { what: "path", name: path }, { hint }));
    }
    if (method === "POST") return found;
    const reads = httpMethod(found) === "get";
    if (reads && (method === "GET" || method === "HEAD")) return found;
    throw wrongMethod(found.right, method, reads ? "GET, HEAD, POST" : "POST");
  }
}

/** Says which methods a path takes. */
export function wrongMethod(command: string, method: string | undefined, allowed: string): Refusal {
  const problem = `is not called by ${method ?? "nothing"}`;
  const error = fail("bad_argument", { command, problem }, { hint: `by ${allowed}` });
  return new Refusal(error, 405, ["allow", allowed]);
}
