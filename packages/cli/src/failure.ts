import type { ErrorCode } from "@holdpoint/protocol";
import { EXIT_CODES, type ExitReason } from "./exit-codes.js";

/** A command that cannot do what was asked: says why, how the process ends, and what to run next. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure" as const;
  readonly reason: ExitReason;
  /** The problem's code where the control plane answered with one. */
  readonly code: string | undefined;
  /** A command, or one instruction. */
  readonly next: string | undefined;

  constructor(options: {
    readonly reason: ExitReason;
    readonly message: string;
    readonly code?: string | undefined;
    readonly next?: string | undefined;
    readonly cause?: unknown;
  }) {
    super(options.message, { cause: options.cause });
    this.reason = options.reason;
    this.code = options.code;
    this.next = options.next;
  }

  get exitCode(): number {
    return EXIT_CODES[this.reason].code;
  }

  /** The same failure, with something else to run next. */
  withNext(next: string): CommandFailure {
    const { reason, message, code, cause } = this;
    return new CommandFailure({ reason, message, code, cause, next });
  }
}

/** Whether the control plane refused with this code. */
export function hasCode(error: unknown, code: ErrorCode): error is CommandFailure {
  return error instanceof CommandFailure && error.code === code;
}

/** The failure behind anything thrown. What is not ours is shown by its message alone. */
export function asFailure(thrown: unknown): CommandFailure {
  if (thrown instanceof CommandFailure) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new CommandFailure({ reason: "failed", message, cause: thrown, next: "holdpoint doctor" });
}
