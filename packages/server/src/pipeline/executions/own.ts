import { GATE_SERVICE } from "@holdpoint/protocol/gate";
import { gateRunsIt } from "../../domain/gate/problem.js";
import type { Request } from "../../domain/request.js";

/**
 * Keeps agents from speaking for the gate: what it runs, it claims and settles itself.
 *
 * @throws {ProblemError} `PERMISSION_DENIED`.
 */
export function assertOwnRun({ service }: Pick<Request, "service">): void {
  if (service === GATE_SERVICE) throw gateRunsIt();
}
