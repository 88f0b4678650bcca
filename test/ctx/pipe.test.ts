import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fail } from "../../src/ctx/errors.ts";
import { after, deeper, inTurn, type Maybe, settled, waitBoth } from "../../src/ctx/maybe.ts";
import { isCancelled, OperatorSink, PieceReader, Pipe } from "../../src/ctx/pipe.ts";
import { type Batch, batchesOf } from "../../src/ctx/table/batch.ts";
import type { Piece } from "../../src/ctx/table/operator.ts";

const nothing = (): void => undefined;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function collect(pieces: AsyncIterable<Piece>): Promise<Piece[]> {
  const all: Piece[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}
async function* of(...pieces: readonly Piece[]): AsyncGenerator<Piece> {
  yield* pieces;
}

describe("X-05 Pipe", () => {
  test("a writer waits when eight pieces wait, and goes on when half are read", async () => {
    const pipe = new Pipe(nothing, nothing);
    for (let i = 1; i < 8; i++) assert.equal(pipe.write(`${i}`), undefined, `piece ${i}`);
    let went = false;
    const wait = pipe.write("8");
    assert.ok(wait instanceof Promise);
    void wait.then(() => {
      went = true;
    });
    const reader = pipe.pieces()[Symbol.asyncIterator]();
    for (let i = 1; i <= 4; i++) await reader.next();
    await turn();
    assert.equal(went, false, "half is still there");
    await reader.next();
    await turn();
    assert.equal(went, true);
  });

  test("pieces come in order, those before an error too", async () => {
    const pipe = new Pipe(nothing, nothing);
    void pipe.write("a");
    void pipe.write("b");
    pipe.fail(fail("failed", { problem: "broken" }));
    const got: Piece[] = [];
    await assert.rejects(
      async () => {
        for await (const piece of pipe.pieces()) got.push(piece);
      },
      { message: "broken" },
    );
    assert.deepEqual(got, ["a", "b"]);
  });

  test("a reader that leaves lets the writer go on, closes the pipe, and says so once", async () => {
    let left = 0;
    const pipe = new Pipe(nothing, () => void left++);
    const waits = Array.from({ length: 9 }, () => pipe.write("x"));
    for await (const _ of pipe.pieces()) break;
    await Promise.all(waits);
    assert.equal(pipe.closed, true);
    assert.equal(pipe.write("more"), undefined);
    pipe.close();
    assert.equal(left, 1);
  });

  test("a pipe that is closed after its end was read to the end: nobody is told", async () => {
    let left = 0;
    const pipe = new Pipe(nothing, () => void left++);
    void pipe.write("x");
    pipe.end();
    assert.deepEqual(await collect(pipe.pieces()), ["x"]);
    assert.equal(left, 0);
  });

  test("a reader that waits is woken by a piece, by the end, and by an error", async () => {
    for (const wake of [(pipe: Pipe) => pipe.end(), (pipe: Pipe) => pipe.fail(fail("cancelled", {}))]) {
      const pipe = new Pipe(nothing, nothing);
      const reading = collect(pipe.pieces()).catch((error: unknown) => isCancelled(error));
      await turn();
      wake(pipe);
      assert.ok(await reading);
    }
  });
});

describe("PieceReader", () => {
  const batch = batchesOf([{ n: 1 }])[0] as Batch;
  test("text is rows, a line each, however it is cut", async () => {
    const piped = new PieceReader(of("a\nb", "b\r\n", new TextEncoder().encode("深"), "\n"));
    const rows = [];
    for await (const one of piped.batches()) for (let i = 0; i < one.length; i++) rows.push(one.row(i));
    assert.deepEqual(rows, [{ text: "a" }, { text: "bb" }, { text: "深" }]);
  });
  test("a table is text as in a file", async () => {
    assert.equal(await new PieceReader(of(batch)).text(), "n\n1\n");
  });
  test("bytes stay as they are", async () => {
    const bytes = new Uint8Array([0, 255, 10]);
    assert.deepEqual(await collect(new PieceReader(of(bytes)).bytes()), [bytes]);
  });
  test("a column named __proto__ is a column", () => {
    const one = batchesOf([Object.fromEntries([["__proto__", 1]])])[0];
    assert.deepEqual(Object.entries(one?.row(0) ?? {}), [["__proto__", 1]]);
  });
});

describe("OperatorSink", () => {
  test("says once that it has enough, and takes nothing more", () => {
    const got: Piece[] = [];
    let told = 0;
    let done = false;
    const operator = {
      get done() {
        return done;
      },
      push(batch: Batch, emit: (piece: Piece) => void) {
        emit(batch);
        done = true;
      },
      end: nothing,
    };
    const next = { closed: false, write: (piece: Piece) => void got.push(piece), end: nothing, note: nothing };
    const sink = new OperatorSink(operator, next, () => void told++);
    const [batch] = batchesOf([{ n: 1 }]);
    assert.ok(batch !== undefined);
    for (let i = 0; i < 3; i++) void sink.write(batch);
    assert.deepEqual(got, [batch]);
    assert.equal(told, 1);
    assert.equal(sink.closed, true);
  });
});

describe("work that is perhaps done at once", () => {
  test("after gives no promise where there was none", () => {
    assert.equal(
      after(1, (n) => n + 1),
      2,
    );
  });
  test("inTurn keeps the order, waits only for promises, and is not bounded by the stack", async () => {
    const seen: number[] = [];
    const items = Array.from({ length: 100_000 }, (_, i) => i);
    assert.equal(
      inTurn(items, (i) => void seen.push(i)),
      undefined,
    );
    assert.equal(seen.length, items.length);
    seen.length = 0;
    const slow = inTurn([1, 2, 3], (i) => (i === 2 ? turn().then(() => void seen.push(i)) : void seen.push(i)));
    assert.ok(slow instanceof Promise);
    await slow;
    assert.deepEqual(seen, [1, 2, 3]);
  });
  test("settled goes one way, for work at once and for work later", async () => {
    const way = (work: () => Maybe<number>): Maybe<string> =>
      settled(
        work,
        (n) => `good ${n}`,
        (error) => `bad ${String(error)}`,
      );
    assert.equal(
      way(() => 1),
      "good 1",
    );
    assert.equal(
      way(() => {
        throw "x";
      }),
      "bad x",
    );
    assert.equal(await way(() => Promise.resolve(1)), "good 1");
    assert.equal(await way(() => Promise.reject("x")), "bad x");
  });
  test("deeper does not overflow", async () => {
    const down = (n: number): Maybe<number> =>
      n === 0
        ? 0
        : after(
            deeper(() => down(n - 1)),
            (rest) => rest + 1,
          );
    assert.equal(await down(20_000), 20_000);
    assert.equal(down(50), 50);
  });
  test("a failure that nobody waits for does not end the program", async () => {
    const waiting = waitBoth(Promise.resolve(), Promise.reject(new Error("lost")));
    await turn();
    await assert.rejects(waiting ?? Promise.resolve(), { message: "lost" });
    assert.equal(waitBoth(undefined, undefined), undefined);
  });
});
