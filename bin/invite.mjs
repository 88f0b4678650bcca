/*
 * Lets a node join another one: a secret that works once stands in the folders of both, each readable for its owner only.
 *
 *   node bin/invite.mjs create ABOVE HOME    for a worker in the folder HOME, unless it has joined already
 *   node bin/invite.mjs name ABOVE NAME      for a node elsewhere; shows the secret, which belongs into its var/run/join
 *
 * ABOVE is the folder of the node above. It looks for the secret in var/run/invite/NAME, within 24 hours.
 */
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const [what, above, other] = process.argv.slice(2);

try {
  if (what === "create") inviteWorker(above, other);
  else showInvite(above, other);
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 78;
}

function inviteWorker(above, home) {
  const run = privateFolder(home, "var/run");
  writePrivate(join(run, "above"), above);
  const hasJoined = existsSync(join(run, "node/known.json")) && !existsSync(join(run, "join"));
  if (!hasJoined) writePrivate(join(run, "join"), invite(above, nameOf(basename(home))));
}

function showInvite(above, given) {
  const name = nameOf(given);
  process.stdout.write(`${invite(above, name)}\n`);
  const file = "var/run/join";
  process.stderr.write(
    `the line above lets ${name} join once, within 24 hours: put it into ${file} there, chmod 600\n`,
  );
}

/** Writes a new secret where the node above looks for it; what was there before is void. */
function invite(above, name) {
  const secret = randomBytes(16).toString("hex");
  privateFolder(above, "var/run");
  writePrivate(join(privateFolder(above, "var/run/invite"), name), secret);
  return secret;
}

/** The name of a node, one label of an address: the same rule as that of `runtime node.name`. */
function nameOf(given) {
  return given.replace(/[^\p{L}\p{N}_-]/gu, "_") || "node";
}

function privateFolder(home, path) {
  const folder = join(home, path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  return folder;
}

/** Puts a line there whole, and never readable for others, not even for a moment. */
function writePrivate(file, line) {
  const part = `${file}.${randomBytes(6).toString("hex")}`;
  writeFileSync(part, `${line}\n`, { mode: 0o600, flag: "wx" });
  renameSync(part, file);
}
