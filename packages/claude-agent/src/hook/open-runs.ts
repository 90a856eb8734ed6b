import type { ClaimedRun } from "@holdpoint/sdk/adapter";

/** A run whose end has not been told, with what the model has to know beside its result. */
export interface OpenRun {
  readonly run: ClaimedRun;
  readonly note: string | undefined;
}

/** What names a call among all sessions. */
export interface CallName {
  readonly session_id: string;
  readonly tool_use_id: string;
}

/** An aborted session tells of no end, so the oldest are forgotten; their outcome is unknown then. */
const REMEMBERED = 10_000;

/** The runs between a tool's hooks. Only in memory: what dies with the process is unknown. */
export class OpenRuns {
  readonly #runs = new Map<string, OpenRun>();

  add(call: CallName, run: OpenRun): void {
    const [oldest] = this.#runs.size >= REMEMBERED ? this.#runs.keys() : [];
    if (oldest !== undefined) this.#runs.delete(oldest);
    this.#runs.set(nameOf(call), run);
  }

  take(call: CallName): OpenRun | undefined {
    const name = nameOf(call);
    const run = this.#runs.get(name);
    this.#runs.delete(name);
    return run;
  }
}

function nameOf({ session_id, tool_use_id }: CallName): string {
  return JSON.stringify([session_id, tool_use_id]);
}
