/* Makes the data the benchmarks read: the same bytes on every machine. */
import { closeSync, mkdirSync, openSync, utimesSync, writeFileSync, writeSync } from "node:fs";

const kinds = ["go", "js", "ts", "md", "txt", "json", "css", "html", "shy", "sh"];
const cities = ["beijing", "shanghai", "shenzhen", "guangzhou", "hangzhou", "chengdu", "wuhan", "xian", "nanjing"];
const notes = ["", "ok", "later", '"a, b"', '"说明, 备注"', "second call", '"he said ""hi"""', "模块中心"];

/** Makes 100,000 small text files in 1,000 folders, two deep. */
export function makeTree(root) {
  const random = numbers(42);
  let made = 0;
  for (let folder = 0; folder < 1000; folder++) {
    const path = `${root}/d${folder % 100}/s${folder}`;
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < 100; file++) {
      const name = `${path}/f${file}.${pick(kinds, random)}`;
      const lines = Math.min(200, Math.floor(-20 * Math.log(1 - random())));
      writeFileSync(name, `${"x".repeat(Math.floor(random() * 70))}\n`.repeat(lines));
      const time = 1_560_000_000 + made++ * 37;
      utimesSync(name, time, time);
    }
  }
}

/** Makes one folder of 100,000 files. */
export function makeFolder(root) {
  mkdirSync(root);
  for (let file = 0; file < 100_000; file++) writeFileSync(`${root}/file-${file}.txt`, "x\n".repeat(file % 7));
}

/** Makes a table of 100,000 rows; some notes are quoted, some are Chinese. */
export function makeCsv(path) {
  const random = numbers(7);
  const file = openSync(path, "w");
  writeSync(file, "id,time,user,city,amount,count,note\n");
  for (let row = 0; row < 100_000; row += 1000) {
    const lines = Array.from({ length: 1000 }, (_, index) => csvLine(row + index, random));
    writeSync(file, lines.join(""));
  }
  closeSync(file);
}

function csvLine(row, random) {
  const day = `2019-${two(1 + (row % 12))}-${two(1 + (row % 28))}`;
  const time = `${two(row % 24)}:${two(row % 60)}:${two((row * 7) % 60)}`;
  const user = `u${Math.floor(random() * 20_000)}`;
  const amount = (random() * 1000).toFixed(2);
  const count = 1 + Math.floor(random() * 19);
  return `${row},${day} ${time},${user},${pick(cities, random)},${amount},${count},${pick(notes, random)}\n`;
}

function two(number) {
  return String(number).padStart(2, "0");
}

function pick(list, random) {
  return list[Math.floor(random() * list.length)];
}

/** Gives numbers from 0 to 1 that look random and are the same every time (mulberry32). */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
