import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** Loads a module of usr/librarys as the browser would; what it gives is the caller's word. */
export async function library<T>(name: string): Promise<T> {
  return (await import(pathToFileURL(resolve("usr/librarys", name)).href)) as T;
}
