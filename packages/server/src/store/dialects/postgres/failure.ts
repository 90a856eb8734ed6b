import { StoreError } from "../../errors.js";

/** What the driver and the server say of themselves. */
interface DatabaseFailure {
  readonly code?: string;
  readonly message?: string;
  readonly routine?: string;
}

/**
 * Classes and codes of SQLSTATE that pass by themselves: broken connections, a server that stops,
 * starts or is full, time-outs, and conflicts between transactions.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const PASSING =
  /^(08|53|57P|58|40001$|40P01$|55P03$|57014$|25P02$|25P03$|25006$|57P05$|ECONN|EPIPE$|ETIMEDOUT$|ENOTFOUND$|EAI_AGAIN$|EHOSTUNREACH$|ENETUNREACH$|ENETDOWN$)/;

/** The driver's own words where it gives no code. */
const DRIVER =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed|Connection ended)/;

/** After these the connection itself is gone, or can no longer be relied on. */
const BROKEN = /^(08|57P|25P03$|ECONN|EPIPE$|ETIMEDOUT$)/;

/** Whether another connection is needed before anything else can be asked. */
export function isBroken(error: unknown): boolean {
  const { code = "", message = "" } = causeOf(error);
  return BROKEN.test(code) || (code === "" && DRIVER.test(message));
}

/**
 * A table has changed under a statement prepared before: a newer replica has migrated the database.
 */
export function isOutdatedPlan(error: unknown): boolean {
  const { code, routine } = causeOf(error);
  return code === "0A000" && routine === "RevalidateCachedQuery";
}

/** PostgreSQL has undone the transaction for the sake of another one, or of a newer schema. */
export function isConflict(error: unknown): boolean {
  return /^(40001|40P01)$/.test(causeOf(error).code ?? "") || isOutdatedPlan(error);
}

/** Nobody knows what has become of the transaction, or the database cannot be reached at all. */
export function isLost(error: unknown): boolean {
  const isUnavailable = error instanceof StoreError && error.code === "STORE_UNAVAILABLE";
  const hasEnded = /^(55P03|57014)$/.test(causeOf(error).code ?? "") || isConflict(error);
  return isUnavailable && !hasEnded;
}

/** What a caller may do about it: `STORE_UNAVAILABLE` where trying again helps, else as it came. */
export function nameFailure(error: unknown): unknown {
  if (error instanceof StoreError) return error;
  const { code = "", message = "" } = causeOf(error);
  const passes =
    PASSING.test(code) || isOutdatedPlan(error) || (code === "" && DRIVER.test(message));
  if (!passes) return error;
  return new StoreError({
    code: "STORE_UNAVAILABLE",
    message: `Expected PostgreSQL to answer, but it did not (${code || "connection lost"}). Try again shortly.`,
    cause: error,
  });
}

function causeOf(error: unknown): DatabaseFailure {
  const failure = error instanceof StoreError ? error.cause : error;
  return typeof failure === "object" && failure !== null ? failure : {};
}
