/*
 * What is measured, against whom, and how much it may cost. `rows` gives the programs to run, first the one the others
 * are compared with (argv[0] undefined: that peer is not here; `prints`: it prints further figures as JSON). A bar says
 * that `row` takes at most `most` times what `to` takes, or at most `most` of `what`.
 */
import { join } from "node:path";
import { makeCsv, makeFolder, makeTree } from "./data.mjs";

const here = (path) => join(import.meta.dirname, path);

export const benches = [
  {
    name: "start",
    about: "one command, from nothing",
    rounds: 21,
    warm: 2,
    rows: ({ bench, peers }) => [
      { name: "node -e 0", argv: ["node", "-e", "0"] },
      { name: "bench dir etc", argv: [bench, "dir", "etc"] },
      { name: "nu ls etc", argv: [peers.nu?.path, "-n", "-c", "ls etc"] },
      { name: "bash ls -l etc", argv: [peers.bash?.path, "-c", "ls -l etc"] },
      { name: "fish ls -l etc", argv: [peers.fish?.path, "-N", "-c", "ls -l etc"] },
      { name: "elvish put etc/*", argv: [peers.elvish?.path, "-norc", "-c", "put etc/*"] },
      { name: "python pass", argv: [peers.python?.path, "-c", "pass"] },
    ],
    bars: [{ row: "bench dir etc", to: "node -e 0", what: "wall", most: 1.5 }],
  },
  {
    name: "tree",
    about: "the 10 biggest of 100,000 files in 1,000 folders",
    rounds: 5,
    warm: 1,
    rows: ({ bench, peers, scratch }) => {
      const tree = `${scratch}/tree`;
      makeTree(tree);
      const line = `dir ${tree} time size path dir_deep dir_type file % order size int_r limit 10`;
      return [
        { name: "nu ls sort-by first", argv: [peers.nu?.path, "-n", here("peers/top.nu"), tree] },
        { name: "bench dir % order limit", argv: [bench, ...line.split(" ")] },
        { name: "python scandir", argv: [peers.python?.path, here("peers/top.py"), tree] },
      ];
    },
    bars: [
      { row: "bench dir % order limit", to: "nu ls sort-by first", what: "wall", most: 0.6 },
      { row: "bench dir % order limit", to: "python scandir", what: "wall", most: 2 },
    ],
  },
  {
    name: "folder",
    about: "one folder of 100,000 files, sorted by size, all of it printed",
    rounds: 3,
    warm: 1,
    rows: ({ bench, scratch }) => {
      const folder = `${scratch}/folder`;
      makeFolder(folder);
      return [
        { name: "bench dir % order", argv: [bench, "dir", folder, "%", "order", "size"] },
        { name: "ls -lS", argv: ["ls", "-lS", folder] },
      ];
    },
    bars: [{ row: "bench dir % order", what: "rss", most: 250 }],
  },
  {
    name: "csv",
    about: "a CSV file of 100,000 rows, printed as a table into a file",
    rounds: 5,
    warm: 1,
    rows: ({ bench, peers, scratch }) => {
      const file = `${scratch}/t.csv`;
      makeCsv(file);
      return [
        { name: "nu open, print", argv: [peers.nu?.path, "-n", "-c", `open ${file} | print`] },
        { name: "bench import", argv: [bench, "import", file] },
      ];
    },
    bars: [{ row: "bench import", to: "nu open, print", what: "wall", most: 0.25 }],
  },
  {
    name: "dispatch",
    about: "a command that does nothing, a million times in one process",
    rounds: 3,
    warm: 0,
    rows: () => [{ name: "dispatch", argv: ["node", "--expose-gc", here("dispatch.mjs")], prints: true }],
    bars: [
      { row: "dispatch", what: "us", most: 3 },
      { row: "dispatch", what: "heap", most: 5 },
    ],
  },
];
