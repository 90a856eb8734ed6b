/**
 * Why a parked state did not open. Fixed words, so that nothing secret can slip into a message.
 *
 * `not_authentic` is everything that only the segments' tags show: a changed byte, segments in
 * another order, segments of another state. `wrong_key` also stands for a changed header, which no
 * key can tell apart.
 */
export type StateFault =
  | "not_a_state"
  | "unknown_version"
  | "wrong_place"
  | "wrong_key"
  | "truncated"
  | "trailing_bytes"
  | "not_authentic";

export class StateOpenError extends Error {
  override readonly name = "StateOpenError" as const;
  readonly fault: StateFault;

  constructor(fault: StateFault) {
    super(`The state did not open: ${fault}.`);
    this.fault = fault;
  }
}
