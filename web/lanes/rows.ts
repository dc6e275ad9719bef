/** Bars that overlap in time stand in different rows; bars that do not share one. */

interface Bar {
  readonly from: number;
  readonly to: number;
}

/** Rows of `bars`, each in the order of time. `gap` is what two bars of a row keep between them. */
export function rowsOf<T extends Bar>(bars: readonly T[], gap = 0): T[][] {
  const rows: T[][] = [];
  for (const bar of [...bars].sort((a, b) => a.from - b.from)) {
    const row = rows.find((each) => each.at(-1)!.to + gap <= bar.from);
    if (row === undefined) rows.push([bar]);
    else row.push(bar);
  }
  return rows;
}
