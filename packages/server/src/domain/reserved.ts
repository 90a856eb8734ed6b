import { GATE_SERVICE } from "@holdpoint/protocol/gate";
import { ProblemError } from "./problem.js";
import { SPEND_SERVICE } from "./spend/purchase.js";

/** Whose requests are made by an operation of their own, and by which. */
const RESERVED: Readonly<Record<string, { readonly of: string; readonly instead: string }>> = {
  [SPEND_SERVICE]: { of: "purchases", instead: "To spend money send POST /v1/purchases." },
  [GATE_SERVICE]: {
    of: "the gate",
    instead: "To run an action send POST /v1/actions/{id}/execute.",
  },
};

/**
 * What would pass for a purchase, or a call of the gate, without being judged as one.
 *
 * @throws {ProblemError} `VALIDATION_FAILED`.
 */
export function assertFreeForAsks(service: string): void {
  const reserved = reservedOf(service);
  if (reserved !== undefined) throw taken(service, reserved.of, "/service", reserved.instead);
}

/**
 * What would stand beside purchases and calls of the gate in their profile. Those the server sees
 * itself: nobody's word about them counts.
 *
 * @param index - Of the observation in its batch.
 * @throws {ProblemError} `VALIDATION_FAILED`.
 */
export function assertFreeForObservations(service: string, index: number): void {
  const reserved = reservedOf(service);
  if (reserved === undefined) return;
  const instead = "Do not tell of them: they are measured as they are made.";
  throw taken(service, reserved.of, `/observations/${index}/service`, instead);
}

function reservedOf(service: string) {
  const name = service.toLowerCase();
  return Object.hasOwn(RESERVED, name) ? RESERVED[name] : undefined;
}

function taken(service: string, of: string, path: string, instead: string): ProblemError {
  const message = `Expected another service than ${service.toLowerCase()}, which is that of ${of}.`;
  return new ProblemError({
    code: "VALIDATION_FAILED",
    detail: `${path}: ${message} ${instead}`,
    issues: [{ path, message }],
  });
}
