import type { ProjectEvent } from "../../domain/event.js";
import type { Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import { toActorColumns } from "./columns.js";
import type { KeyRing } from "./key-ring.js";
import { createProjectReceiptWriter } from "./receipts.js";

export type ProjectEventWriter = (transaction: Transaction, event: ProjectEvent) => Promise<void>;

/** Records what has happened to a project, with its receipt, in the transaction that makes it true. */
export function createProjectEventWriter(dialect: Dialect, ring: KeyRing): ProjectEventWriter {
  const writeReceipt = createProjectReceiptWriter(ring);
  return async (transaction, event) => {
    const { actor } = event;
    await transaction.db
      .insertInto("project_events")
      .values({
        id: event.id,
        project_id: event.projectId,
        type: event.type,
        at: event.at,
        ...toActorColumns("actor", actor),
        agent_id: event.agentId ?? null,
        subject: dialect.encodeJson(event.subject),
      })
      .execute();
    await writeReceipt(transaction, event);
  };
}
