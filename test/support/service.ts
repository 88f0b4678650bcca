/** A node as `bin/boot.sh` keeps one: a process of its own, in a folder of its own, with its door open on a free port. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Service {
  readonly home: string;
  /** Where its door is: `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
}

/** Starts a node that runs some lines at its start, and waits until its door is open. */
export async function startService(lines = "", env: NodeJS.ProcessEnv = {}): Promise<Service> {
  const home = mkdtempSync(join(tmpdir(), "ctx-service-"));
  mkdirSync(join(home, "var/run"), { recursive: true });
  cpSync("etc", join(home, "etc"), { recursive: true, filter: (file) => !file.endsWith("local.shy") });
  writeFileSync(join(home, "etc/local.shy"), `${lines}\n`);
  const { ctx_dev: _dev, ctx_box: _box, ...rest } = process.env;
  const child = spawn("bin/bench", ["--service"], {
    env: { ...rest, CTX_HOME: home, web_port: "0", ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += String(chunk);
  });
  const stop = async (): Promise<void> => {
    await ended(child);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const url = await comes(join(home, "var/run"), "web", child);
    return { home, url: url.trim(), token: readFileSync(join(home, "var/run/token"), "utf8").trim(), stop };
  } catch (cause) {
    await stop();
    throw new Error(`the node did not open its door: ${said}`, { cause });
  }
}

/** Waits for a file, and gives what is in it. */
function comes(folder: string, name: string, child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const watcher = watch(folder);
    const look = (): void => {
      try {
        const text = readFileSync(join(folder, name), "utf8");
        watcher.close();
        resolve(text);
      } catch {
        // Not yet.
      }
    };
    watcher.on("change", look);
    child.once("exit", (code) => {
      watcher.close();
      reject(new Error(`ended with ${code}`));
    });
    look();
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}
