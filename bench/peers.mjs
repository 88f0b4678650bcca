/* Finds the programs we are measured against: the real binaries, not the wrappers around them. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const nu = join(import.meta.dirname, `node_modules/@nushell/${process.platform}-${process.arch}/bin/nu`);

/** Finds every peer: name → { path, version }, or undefined where it is not on this machine. */
export function findPeers() {
  return {
    nu: known(existsSync(nu) ? nu : "nu", ["--version"]),
    python: known(realPython(), ["--version"]),
    bash: known("bash", ["--version"]),
    ls: known("ls", ["--version"]),
    fish: known("fish", ["--version"]),
    elvish: known("elvish", ["--version"]),
  };
}

/** A version manager's python3 is a script that starts another one; what it starts is what counts. */
function realPython() {
  if (existsSync("/usr/bin/python3")) return "/usr/bin/python3";
  return (
    spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).stdout?.trim() || "python3"
  );
}

function known(path, args) {
  const run = spawnSync(path, args, { encoding: "utf8" });
  if (run.error) return undefined;
  const version = /\d+(\.\d+)+/.exec(run.stdout + run.stderr)?.[0] ?? "?";
  return { path, version };
}
