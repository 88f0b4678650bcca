import type { Value } from "../kit/value.ts";

/**
 * A compiled expression: a function of a frame, which is whatever the scope wants to find its names in (a row of a
 * batch, the variables of a running function). What may have to wait, such as a command within a script, gives a
 * promise; all else runs through without one.
 */
export type Code<F> = ReadyCode<F> | WaitingCode<F>;

interface Traits {
  /** How often the value changes: never (it is a constant), between batches (`now()`), or with every frame. */
  readonly varies: Varies;
}

export type Varies = "never" | "seldom" | "always";

export interface ReadyCode<F> extends Traits {
  readonly waits: false;
  readonly run: (frame: F) => Value;
}

export interface WaitingCode<F> extends Traits {
  readonly waits: true;
  readonly run: (frame: F) => Value | Promise<Value>;
}

/** Makes code of a value. */
export function constant(value: Value): ReadyCode<unknown> {
  return { waits: false, varies: "never", run: () => value };
}

/** Makes code that reads the frame at once. */
export function ready<F>(run: (frame: F) => Value): ReadyCode<F> {
  return { waits: false, varies: "always", run };
}

/** Makes code that may have to wait. */
export function waiting<F>(run: (frame: F) => Value | Promise<Value>): WaitingCode<F> {
  return { waits: true, varies: "always", run };
}

function most(codes: readonly Traits[]): Varies {
  if (codes.some((code) => code.varies === "always")) return "always";
  return codes.some((code) => code.varies === "seldom") ? "seldom" : "never";
}

/** Works a constant out now; one that fails is left to fail when it is reached. */
function fold<F>(code: ReadyCode<F>): ReadyCode<F> | ReadyCode<unknown> {
  const known = constantOf(code);
  return known === undefined ? code : constant(known.value);
}

/** Gives the value of a constant; `undefined` for other code, and where working it out fails. */
export function constantOf<F>(code: Code<F>): { readonly value: Value } | undefined {
  if (code.varies !== "never" || code.waits) return undefined;
  try {
    // A constant never looks at its frame.
    return { value: code.run(undefined as never) };
  } catch {
    return undefined;
  }
}

/** Makes code of an operation on one value. */
export function lift1<F>(a: Code<F>, op: (x: Value) => Value): Code<F> {
  const { varies } = a;
  if (a.waits) return { waits: true, varies, run: (frame) => after(a.run(frame), op) };
  const { run } = a;
  return fold({ waits: false, varies, run: (frame) => op(run(frame)) });
}

/** Makes code of an operation on two values. */
export function lift2<F>(a: Code<F>, b: Code<F>, op: (x: Value, y: Value) => Value): Code<F> {
  const varies = most([a, b]);
  if (a.waits || b.waits)
    return { waits: true, varies, run: (frame) => after(a.run(frame), (x) => after(b.run(frame), (y) => op(x, y))) };
  const left = a.run;
  const right = b.run;
  const known = constantOf(b);
  // The usual case, `x > 3`: nothing is called for the constant.
  if (known !== undefined && a.varies !== "never") {
    const { value } = known;
    return { waits: false, varies, run: (frame) => op(left(frame), value) };
  }
  return fold({ waits: false, varies, run: (frame) => op(left(frame), right(frame)) });
}

/** Makes code of an operation on all of the values, worked out from left to right. */
export function liftAll<F>(
  codes: readonly Code<F>[],
  op: (values: Value[], frame: F) => Value | Promise<Value>,
  traits: { readonly waits?: boolean; readonly varies?: Varies } = {},
): Code<F> {
  const varies = most([...codes, { varies: traits.varies ?? "never" }]);
  if (!traits.waits && codes.every((code) => !code.waits)) {
    const runs = codes.map((code) => code.run as (frame: F) => Value);
    const ready = op as (values: Value[], frame: F) => Value;
    const run = (frame: F): Value =>
      ready(
        runs.map((run) => run(frame)),
        frame,
      );
    return fold({ waits: false, varies, run });
  }
  const from = (frame: F, values: Value[]): Value | Promise<Value> => {
    for (let i = values.length; i < codes.length; i++) {
      const value = (codes[i] as Code<F>).run(frame);
      if (value instanceof Promise)
        return value.then((waited) => {
          values.push(waited);
          return from(frame, values);
        });
      values.push(value);
    }
    return op(values, frame);
  };
  return { waits: true, varies, run: (frame) => from(frame, []) };
}

/**
 * Makes code that takes the values one after the other until one settles the matter: `settle` gives the answer (not
 * null), or `undefined` to go on; the last value is handed to `end`.
 */
export function liftUntil<F>(
  codes: readonly Code<F>[],
  settle: (value: Value) => NonNullable<Value> | undefined,
  end: (last: Value) => Value,
): Code<F> {
  const varies = most(codes);
  const last = codes.length - 1;
  if (codes.some((code) => code.waits)) {
    const from = (frame: F, start: number): Value | Promise<Value> => {
      for (let i = start; ; i++) {
        const given = (codes[i] as Code<F>).run(frame);
        if (given instanceof Promise)
          return given.then((value) => settle(value) ?? (i === last ? end(value) : from(frame, i + 1)));
        const answer = settle(given) ?? (i === last ? end(given) : undefined);
        if (answer !== undefined) return answer;
      }
    };
    return { waits: true, varies, run: (frame) => from(frame, 0) };
  }
  const runs = codes.map((code) => code.run as (frame: F) => Value);
  const run = (frame: F): Value => {
    let value: Value = null;
    for (let i = 0; i <= last; i++) {
      value = (runs[i] as (frame: F) => Value)(frame);
      const answer = settle(value);
      if (answer !== undefined) return answer;
    }
    return end(value);
  };
  return fold({ waits: false, varies, run });
}

/** Makes code that looks at the first value to choose which of the others to work out. */
export function liftChoice<F>(test: Code<F>, choose: (value: Value) => boolean, yes: Code<F>, no: Code<F>): Code<F> {
  const varies = most([test, yes, no]);
  if (test.waits || yes.waits || no.waits)
    return {
      waits: true,
      varies,
      run: (frame) => after(test.run(frame), (value) => (choose(value) ? yes : no).run(frame)),
    };
  return fold({ waits: false, varies, run: (frame) => (choose(test.run(frame)) ? yes : no).run(frame) });
}

function after(value: Value | Promise<Value>, next: (value: Value) => Value | Promise<Value>): Value | Promise<Value> {
  return value instanceof Promise ? value.then(next) : next(value);
}
