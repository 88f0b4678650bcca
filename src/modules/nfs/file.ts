import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import {
  type AtomicFile,
  defineCommand,
  integer,
  list,
  openAtomic,
  type Piped,
  path,
  renderer,
  text,
} from "../../ctx/index.ts";
import { completePath, find } from "./path.ts";
import { readParts, textParts } from "./read.ts";

export const load = defineCommand({
  name: "load",
  help: { en: "Show what is in a file", zh: "读取文件" },
  effect: "read",
  args: {
    file: path({ en: "File to read", zh: "文件名" }, { complete: completePath }),
    buf_size: integer({ en: "Bytes to read, -1 for all", zh: "读取的字节数，-1 表示全部" }, { default: -1, min: -1 }),
    pos: integer({ en: "Bytes to skip before", zh: "起始位置" }, { default: 0, min: 0 }),
  },
  examples: [
    {
      help: "Show a start-up script",
      shell: `
        > load etc/init.shy
        …`,
    },
    {
      help: "A wrong name is told with the right one",
      shell: `
        > load etc/inti.shy
        error: no file or folder "etc/inti.shy" (did you mean "etc/init.shy"?)
        …`,
    },
  ],
  run: (m, { file, buf_size, pos }) => textParts(readParts(find(m, file), m.signal, pos, buf_size)),
});

export const save = defineCommand({
  name: "save",
  help: { en: "Write text to a file", zh: "保存文件" },
  effect: "write",
  args: {
    file: path({ en: "File to write; its folder is made if need be", zh: "文件名" }, { complete: completePath }),
    string: list(text({ en: "What to write; without it, what comes through the pipe", zh: "内容" })),
  },
  input: "bytes",
  examples: [
    {
      help: "Write a file and read it",
      shell: `
        > save notes.txt "hello world"
        notes.txt
        > load notes.txt
        hello world`,
    },
  ],
  async run(m, { file, string }) {
    const full = m.path(file);
    mkdirSync(dirname(full), { recursive: true });
    const out = openAtomic(full);
    try {
      for (const part of string) out.write(part);
      if (string.length === 0 && m.piped !== undefined) await copy(m.piped, out);
      out.commit();
    } finally {
      out.abort();
    }
    return file;
  },
});

/** Writes what is piped in: text and bytes exactly as they come, tables as text. */
async function copy(piped: Piped, file: AtomicFile): Promise<void> {
  const form = renderer("text");
  const out = (chunk: string | Uint8Array): void => file.write(chunk);
  for await (const piece of piped.pieces()) form.push(piece, out);
  form.end(out);
}
