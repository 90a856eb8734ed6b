import type { RequestEventType } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import type { Dialect } from "../dialects/dialect.js";
import { prepareQuery } from "../prepared.js";
import type { WebhookDeliveryRow } from "../schema.js";
import type { EventWriter } from "./event-row.js";
import { newDeliveryRow } from "./webhook-delivery-row.js";

/** Puts events on their way in the transaction that makes them true. */
export interface WebhookOutbox {
  readonly write: EventWriter;
  /** Whether the last event of this project written here had anywhere to go. */
  expects(projectId: string): boolean;
}

/**
 * One delivery per enabled endpoint that wants the type. Projects without endpoints pay one look
 * into an index: nothing is remembered, for another replica may have made an endpoint since.
 */
export function createWebhookOutbox(dialect: Dialect): WebhookOutbox {
  const expecting = new Set<string>();
  const enabled = dialect.encodeBoolean(true);
  const select = prepareQuery(({ db }, { projectId }: { readonly projectId: string }) =>
    db
      .selectFrom("webhook_endpoints")
      .select(["id", "event_types"])
      .where("project_id", "=", projectId)
      .where("deleted_at", "is", null)
      .where("enabled", "=", enabled),
  );
  const insert = prepareQuery(({ db }, row: WebhookDeliveryRow) =>
    db.insertInto("webhook_deliveries").values(newDeliveryRow(row)),
  );

  function wants(types: unknown, type: RequestEventType): boolean {
    return types === null || (dialect.decodeJson(types) as RequestEventType[]).includes(type);
  }

  return {
    async write(transaction, event) {
      const { projectId } = event;
      const { rows } = await select(transaction, { projectId });
      if (rows.length > 0) expecting.add(projectId);
      else expecting.delete(projectId);
      for (const endpoint of rows) {
        if (!wants(endpoint.event_types, event.type)) continue;
        const delivery = newDeliveryRow({
          id: typeidUnboxed("whd"),
          project_id: projectId,
          endpoint_id: endpoint.id,
          event_id: event.id,
          type: event.type,
          request_id: event.requestId,
          created_at: event.at,
        });
        await insert(transaction, delivery);
      }
    },
    expects: (projectId) => expecting.has(projectId),
  };
}
