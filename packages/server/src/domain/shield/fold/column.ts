/** A column of numbers that grows. */
export type Column = Float64Array | Int32Array | Uint32Array;

/** The column, or one with room for `length` with all of its numbers; what is added is 0. */
export function withRoom<C extends Column>(column: C, length: number): C {
  if (length <= column.length) return column;
  const capacity = Math.max(length, Math.ceil(column.length * 1.5));
  const grown = new (column.constructor as new (length: number) => C)(capacity);
  grown.set(column as never);
  return grown;
}
