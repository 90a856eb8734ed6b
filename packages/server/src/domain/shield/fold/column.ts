/** A column of numbers that grows. */
export type Column = Float64Array | Uint32Array;

/** The column, or one with room for `length` with all of its numbers; what is added is 0. */
export function withRoom<C extends Column>(column: C, length: number): C {
  if (length <= column.length) return column;
  const grown = createLike(column, Math.max(length, Math.ceil(column.length * 1.5)));
  grown.set(column);
  return grown;
}

/** The columns as one, the numbers of each place side by side. */
export function interleave<C extends Column>(columns: readonly [C, ...C[]]): C {
  const [first] = columns;
  const width = columns.length;
  const all = createLike(first, first.length * width);
  for (const [at, column] of columns.entries()) {
    for (let place = 0; place < column.length; place += 1) {
      all[place * width + at] = column[place] as number;
    }
  }
  return all;
}

/** One of the columns that {@link interleave} has put together, of its first `length` places. */
export function pick<C extends Column>(
  all: C,
  { at, width, length }: { readonly at: number; readonly width: number; readonly length: number },
): C {
  const column = createLike(all, length);
  for (let place = 0; place < length; place += 1) {
    column[place] = all[place * width + at] as number;
  }
  return column;
}

function createLike<C extends Column>(column: C, length: number): C {
  return new (column.constructor as new (length: number) => C)(length);
}
