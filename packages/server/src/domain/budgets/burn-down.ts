import type { LedgerAccount, LedgerKind } from "@holdpoint/protocol/spend";

export const DAY_MS = 86_400_000;

/** What moved from one account of a budget to another in one day, for one kind of reason. */
export interface DayMovement {
  /** Days since the epoch, UTC. */
  readonly day: number;
  readonly kind: LedgerKind;
  readonly from: LedgerAccount;
  readonly to: LedgerAccount;
  readonly amount: number;
}

export interface BurnDownPoint {
  /** When the day begins, in milliseconds since the epoch. */
  readonly at: number;
  readonly reserved: number;
  /** Less what turned out not to have been spent; refunds are apart. */
  readonly spent: number;
  readonly refunded: number;
  /** At the day's end. Absent: nothing was allocated then. */
  readonly available?: number;
}

/** A budget as it stands. */
interface Standing {
  /** Absent: nothing is allocated. */
  readonly allocated?: number;
  readonly held: number;
  readonly spent: number;
}

/** When the first of so many days begins, of which the last is today. */
export function firstDayOf(days: number, now: number): number {
  return (Math.floor(now / DAY_MS) - days + 1) * DAY_MS;
}

/**
 * Spending day by day up to today, oldest first. What was available on earlier days follows from
 * what is available now and what has moved since.
 */
export function burnDown(options: {
  readonly standing: Standing;
  /** All of `days` days, today's included. */
  readonly movements: readonly DayMovement[];
  readonly days: number;
  readonly now: number;
}): readonly BurnDownPoint[] {
  const { standing, movements, days, now } = options;
  const today = Math.floor(now / DAY_MS);
  let { allocated } = standing;
  let available = (allocated ?? 0) - standing.held - standing.spent;
  const points: BurnDownPoint[] = [];
  for (let day = today; day > today - days; day -= 1) {
    const moved = movements.filter((movement) => movement.day === day);
    points.push({
      at: day * DAY_MS,
      reserved: sum(moved.filter(({ kind }) => kind === "reserve")),
      spent: net(
        moved.filter(({ kind }) => kind !== "refund"),
        "spent",
      ),
      refunded: sum(moved.filter(({ kind }) => kind === "refund")),
      ...(allocated !== undefined && { available }),
    });
    available -= net(moved, "available");
    const funded = -net(moved, "funding");
    // A budget of nothing and none at all have moved the same: before a change, 0 was none.
    if (funded !== 0) allocated = (allocated ?? 0) - funded || undefined;
  }
  return points.reverse();
}

function sum(movements: readonly DayMovement[]): number {
  return movements.reduce((total, { amount }) => total + amount, 0);
}

/** What came into an account, less what left it. */
function net(movements: readonly DayMovement[], account: LedgerAccount): number {
  const into = sum(movements.filter(({ to }) => to === account));
  return into - sum(movements.filter(({ from }) => from === account));
}
