import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** Lists the files below a folder of the repository, with `/` and relative to the repository, in order. */
export function filesBelow(folder: string, suffix: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => relative(".", join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** Reads a file of the repository. */
export function read(file: string): string {
  return readFileSync(file, "utf8");
}

/** Gives the cells of the rows of all tables in a Markdown text, headings left out. */
export function tableRows(markdown: string): string[][] {
  const lines = markdown.split("\n");
  return lines
    .filter((line, i) => line.startsWith("|") && !isRule(line) && !isRule(lines[i + 1] ?? ""))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
const isRule = (line: string): boolean => /^\|[\s:|-]+$/.test(line);

/** Gives what stands in backticks in a Markdown text, blocks of code left out. */
export function codeSpans(markdown: string): string[] {
  return [...markdown.replace(/^```[\s\S]*?^```/gm, "").matchAll(/`([^`\n]+)`/g)].map(([, span]) => span ?? "");
}
