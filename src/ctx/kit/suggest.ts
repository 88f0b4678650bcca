/** Counts the edits (insert, delete, replace, swap of neighbours) between two words, giving up above `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = above;
    above = row;
  }
  return above[b.length] ?? limit + 1;
}

/** Finds the name nearest to what was typed, if one is near enough to be meant (Damerau–Levenshtein). */
export function nearest(typed: string, names: Iterable<string>): string | undefined {
  const limit = typed.length <= 2 ? 1 : typed.length <= 5 ? 2 : 3;
  const wanted = typed.toLowerCase();
  let best: string | undefined;
  let least = limit + 1;
  for (const name of names) {
    if (name === typed) continue;
    const edits = distance(wanted, name.toLowerCase(), limit);
    const common = name.startsWith(typed) && typed.length >= 2 ? Math.min(edits, limit) : edits;
    if (common < least && common < Math.max(name.length, typed.length)) {
      least = common;
      best = name;
    }
  }
  return best;
}

/** Writes the hint `did you mean "dir"?`, or nothing when no name is near. */
export function didYouMean(typed: string, names: Iterable<string>): string | undefined {
  const found = nearest(typed, names);
  return found === undefined ? undefined : `did you mean "${found}"?`;
}
