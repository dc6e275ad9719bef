/** Who of one side belongs to whom of the other, one to one, so that the sum of what they share is the largest. */

/**
 * `shared[row][column]` is not negative; all rows are of one length. Gives for each row its column; undefined where it has none or
 * shares nothing with it. The Hungarian method in O(rows² · columns), as Jonker and Volgenant refine it.
 */
export function bestAssignment(shared: readonly (readonly number[])[]): (number | undefined)[] {
  const columns = shared[0]?.length ?? 0;
  if (shared.length > columns) {
    const turned = Array.from({ length: columns }, (_, column) => shared.map((row) => row[column]!));
    const rows = bestAssignment(turned);
    return shared.map((_, row) => {
      const column = rows.indexOf(row);
      return column === -1 ? undefined : column;
    });
  }
  const rowOf = assigned(shared, columns);
  return shared.map((row, index) => {
    const column = rowOf.indexOf(index);
    return row[column]! > 0 ? column : undefined;
  });
}

/** For each column its row, -1 for none; there are at least as many columns as rows. */
function assigned(shared: readonly (readonly number[])[], columns: number): Int32Array {
  // One column more, the last: where the row that looks for its place stands.
  const rowOf = new Int32Array(columns + 1).fill(-1);
  const rowPrice = new Float64Array(shared.length);
  const columnPrice = new Float64Array(columns + 1);
  for (let row = 0; row < shared.length; row++) {
    rowOf[columns] = row;
    const least = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
    const before = new Int32Array(columns).fill(columns);
    const isTaken = new Uint8Array(columns + 1);
    let column = columns;
    // The cheapest way to a column that is free, over columns whose rows may move.
    while (rowOf[column] !== -1) {
      isTaken[column] = 1;
      const current = rowOf[column]!;
      let step = Number.POSITIVE_INFINITY;
      let next = columns;
      for (let other = 0; other < columns; other++) {
        if (isTaken[other] === 1) continue;
        const cost = -shared[current]![other]! - rowPrice[current]! - columnPrice[other]!;
        if (cost < least[other]!) {
          least[other] = cost;
          before[other] = column;
        }
        if (least[other]! < step) {
          step = least[other]!;
          next = other;
        }
      }
      for (let other = 0; other <= columns; other++) {
        if (isTaken[other] === 1) {
          rowPrice[rowOf[other]!]! += step;
          columnPrice[other]! -= step;
        } else least[other]! -= step;
      }
      column = next;
    }
    while (column !== columns) {
      const previous = before[column]!;
      rowOf[column] = rowOf[previous]!;
      column = previous;
    }
  }
  return rowOf.subarray(0, columns);
}
