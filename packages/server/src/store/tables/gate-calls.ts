import type { Database, Reader } from "../database.js";
import type { Vault } from "../sealing/vault.js";
import { together } from "../together.js";
import type { GateCallStore } from "../verbs/gate-calls.js";
import type { EventWriter } from "./event-row.js";
import { createCallBeginning } from "./gate-call-begin.js";
import { createCallCreation } from "./gate-call-create.js";
import { createGateCallParts } from "./gate-call-parts.js";
import { toGateFacts } from "./gate-call-row.js";
import { createCallSettling } from "./gate-call-settle.js";
import { optional } from "./request-row.js";
import type { ShieldParts } from "./shield.js";

export function createGateCallStore(
  database: Database,
  vault: Vault,
  appendEvent: EventWriter,
  shield: ShieldParts,
): GateCallStore {
  const parts = createGateCallParts(database, vault, appendEvent, shield);
  const { requests, executions, asked, calls, runs } = parts;

  async function load(reader: Reader, projectId: string, requestId: string) {
    const { rows } = await calls.find(reader, { requestId });
    const [callRow] = rows;
    if (callRow === undefined) return undefined;
    const [request, run, outcome] = await together([
      asked.find(reader, { project_id: projectId, id: requestId }),
      runs.findForRequest(reader, { project_id: projectId, request_id: requestId }),
      calls.findOutcome(reader, { requestId }),
    ]);
    const [requestRow] = request.rows;
    const [runRow] = run.rows;
    if (requestRow === undefined) return undefined;
    return {
      request: requests.toRequest(requestRow),
      ...toGateFacts(database.dialect, callRow),
      ...optional("execution", runRow && executions.toExecution(runRow)),
      ...optional("outcomeEventId", outcome.rows[0]?.id),
    };
  }

  return {
    create: createCallCreation(parts),
    begin: createCallBeginning(parts),
    settle: createCallSettling(parts),
    find: (projectId, requestId) => database.read((reader) => load(reader, projectId, requestId)),
  };
}
