/** Blanks between two columns. */
export const gap = 2;

/** A column that is cut keeps at least so many cells; with less, nothing can be told from it. */
const least = 8;

/** A column on its way into a terminal: the cells it would like, and whether its texts may be cut. */
export interface Wish {
  readonly width: number;
  readonly shrinks: boolean;
}

/**
 * Finds widths for as many columns, from the left, as a terminal has room for: the widest columns that may be cut
 * shrink first. Fewer widths than wishes come back when the rest has no room; the first column always has some.
 */
export function fit(wishes: readonly Wish[], limit: number): number[] {
  const floor = ({ width, shrinks }: Wish): number => (shrinks ? Math.min(width, least) : width);
  let needed = wishes.reduce((sum, wish) => sum + floor(wish) + gap, -gap);
  let shown = wishes.length;
  while (shown > 1 && needed > limit) {
    shown--;
    needed -= floor(wishes[shown] as Wish) + gap;
  }
  if (shown === 1) return wishes.slice(0, 1).map((wish) => Math.min(wish.width, Math.max(1, limit)));
  return shrink(wishes.slice(0, shown), limit);
}

/** Cuts all columns wider than some level down to it, and gives the cells left over to the first of them. */
function shrink(wishes: readonly Wish[], limit: number): number[] {
  const at = (level: number): number[] =>
    wishes.map(({ width, shrinks }) => (shrinks ? Math.min(width, level) : width));
  const total = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width + gap, -gap);
  let low = least;
  let high = Math.max(least, ...wishes.map(({ width }) => width));
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (total(at(middle)) <= limit) low = middle;
    else high = middle - 1;
  }
  const widths = at(low);
  let spare = limit - total(widths);
  for (let c = 0; c < widths.length && spare > 0; c++) {
    const { width, shrinks } = wishes[c] as Wish;
    if (!shrinks || width <= low) continue;
    widths[c] = low + 1;
    spare--;
  }
  return widths;
}
