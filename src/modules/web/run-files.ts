import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes where the door is and what opens it into `var/run`, for processes of the same owner and for nobody else. Gives
 * the function that takes both away, unless another node has written there since.
 */
export function writeRunFiles(home: string, url: string, token: string): () => void {
  const folder = join(home, "var/run");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const tokenFile = join(folder, "token");
  const urlFile = join(folder, "web");
  write(tokenFile, token);
  write(urlFile, `${url}\n`);
  return () => {
    if (!holds(tokenFile, token)) return;
    rmSync(urlFile, { force: true });
    rmSync(tokenFile, { force: true });
  };
}

/** Puts a file there whole, and never readable for others, not even for a moment. */
function write(file: string, content: string): void {
  const part = `${file}.${randomBytes(6).toString("hex")}`;
  writeFileSync(part, content, { mode: 0o600, flag: "wx" });
  renameSync(part, file);
}

function holds(file: string, token: string): boolean {
  try {
    return readFileSync(file, "utf8").trim() === token;
  } catch {
    return false;
  }
}
