import type { ProjectEvent } from "../../domain/event.js";
import { projectReceiptContentOf, receiptContentOf } from "../../receipts/content.js";
import { signReceipt } from "../../receipts/jws.js";
import type { Database, Transaction } from "../database.js";
import { prepareQuery } from "../prepared.js";
import type { ReceiptRow } from "../schema.js";
import type { ReceiptStore, StoredReceipt } from "../verbs/receipts.js";
import type { EventWriter } from "./event-row.js";
import type { KeyRing } from "./key-ring.js";

/** Signs the receipt of each event, in the transaction that makes the event true. */
export function createReceiptWriter(ring: KeyRing): EventWriter {
  const insert = prepareInsert();
  return async (transaction, event) => {
    const signer = await ring.signer(transaction, "receipt", event.at);
    const content = receiptContentOf(event);
    await insert(transaction, {
      id: content.id,
      project_id: event.projectId,
      agent_id: event.agentId,
      jws: signReceipt(signer, content),
    });
  };
}

/** The same for what happens to a project. Without an agent it is none's to read. */
export function createProjectReceiptWriter(
  ring: KeyRing,
): (transaction: Transaction, event: ProjectEvent) => Promise<void> {
  const insert = prepareInsert();
  return async (transaction, event) => {
    const signer = await ring.signer(transaction, "receipt", event.at);
    const content = projectReceiptContentOf(event);
    await insert(transaction, {
      id: content.id,
      project_id: event.projectId,
      agent_id: event.agentId ?? "",
      jws: signReceipt(signer, content),
    });
  };
}

function prepareInsert() {
  return prepareQuery(({ db }, row: Pick<ReceiptRow, "id" | "project_id" | "agent_id" | "jws">) =>
    db.insertInto("receipts").values({
      id: row.id,
      project_id: row.project_id,
      agent_id: row.agent_id,
      log_index: null,
      jws: row.jws,
    }),
  );
}

export function createReceiptStore({ read, dialect }: Database): ReceiptStore {
  function toReceipt(row: Omit<ReceiptRow, "sequence" | "project_id">): StoredReceipt {
    const { id, agent_id: agentId, jws, log_index: index } = row;
    return { id, agentId, jws, ...(index !== null && { logIndex: dialect.decodeInteger(index) }) };
  }

  return {
    async find(projectId, receiptId) {
      const row = await read(({ db }) =>
        db
          .selectFrom("receipts")
          .select(["id", "agent_id", "jws", "log_index"])
          .where("id", "=", receiptId)
          .where("project_id", "=", projectId)
          .executeTakeFirst(),
      );
      return row && toReceipt(row);
    },
    async listAfter(projectId, index, limit) {
      const rows = await read(({ db }) =>
        db
          .selectFrom("receipts")
          .select(["id", "agent_id", "jws", "log_index"])
          .where("project_id", "=", projectId)
          .where("log_index", "is not", null)
          .where("log_index", ">", index)
          .orderBy("log_index")
          .limit(limit)
          .execute(),
      );
      return rows.map(toReceipt) as Required<StoredReceipt>[];
    },
  };
}
