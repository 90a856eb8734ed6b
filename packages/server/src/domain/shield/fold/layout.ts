/**
 * How numbers lie side by side in one column: what is read together lies together, for a large profile is
 * larger than the caches of a processor, and waits for each place it reads from.
 */

/** Whole numbers of a cell. */
export const CELL_WIDTH = 4;
export const [ROW, SYMBOL, COUNT, APPROVALS] = [0, 1, 2, 3] as const;

/** Sums of a row. */
export const ROW_SUMS_WIDTH = 2;
export const [ROW_WEIGHT, ROW_COUNT] = [0, 1] as const;

/**
 * Whole numbers of a row: its approvals, its distinct symbols, its most frequent cell while it is known, and
 * the cell of it that was made last; both cells as their number and 1, 0 is none.
 */
export const ROW_WIDTH = 4;
export const [ROW_APPROVALS, ROW_DISTINCT, ROW_TOP, ROW_LAST] = [0, 1, 2, 3] as const;
