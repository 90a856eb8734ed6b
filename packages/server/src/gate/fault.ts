import type { GateFault } from "@holdpoint/protocol/gate";
import type { RunFault } from "../domain/gate/run.js";

/** What ends a run before it is a success. Caught in `run.ts`; nobody else sees it. */
export class FaultError extends Error {
  override readonly name = "FaultError" as const;
  readonly fault: RunFault;
  /** Whether the service may have acted all the same. */
  readonly mayHaveActed: boolean;

  /** @param fault.message In plain words, without a secret or anything of what was answered. */
  constructor(fault: RunFault & { readonly mayHaveActed?: boolean }) {
    const { mayHaveActed = false, ...rest } = fault;
    super(rest.message);
    this.fault = rest;
    this.mayHaveActed = mayHaveActed;
  }
}

/** Before anything is sent. */
export function refuse(code: GateFault, message: string): FaultError {
  return new FaultError({ code, message });
}
