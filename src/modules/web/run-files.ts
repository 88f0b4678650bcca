import { join } from "node:path";
import { makePrivateFolder, readPrivate, removeFile, writePrivate } from "../../ctx/index.ts";

/**
 * Writes where the door is and what opens it into `var/run`, for processes of the same owner and for nobody else. Gives
 * the function that takes both away, unless another node has written there since.
 */
export function writeRunFiles(home: string, url: string, token: string): () => void {
  const folder = join(home, "var/run");
  const tokenFile = join(folder, "token");
  const urlFile = join(folder, "web");
  makePrivateFolder(folder);
  writePrivate(tokenFile, token);
  writePrivate(urlFile, `${url}\n`);
  return () => {
    if (!holds(tokenFile, token)) return;
    removeFile(urlFile);
    removeFile(tokenFile);
  };
}

function holds(file: string, token: string): boolean {
  try {
    return readPrivate(file)?.text.trim() === token;
  } catch {
    return false;
  }
}
