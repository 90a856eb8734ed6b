import type { Database, Reader, Transaction } from "../database.js";
import type { WebhookEndpointRow } from "../schema.js";
import type { Vault } from "../sealing/vault.js";
import type { WebhookEndpointStore } from "../verbs/webhooks.js";
import { WebhookEndpointMapper } from "./webhook-endpoint-row.js";

/** Why a delivery to a deleted endpoint ended. */
const ENDPOINT_DELETED = "endpoint_deleted";

export function createWebhookEndpointStore(
  { read, write, dialect }: Database,
  vault: Vault,
): WebhookEndpointStore {
  const mapper = new WebhookEndpointMapper(dialect, vault);

  /** Locks the row: what is read is what is changed. */
  async function lockRow(transaction: Transaction, projectId: string, endpointId: string) {
    const rows = selectEndpoints(transaction, projectId).where("id", "=", endpointId);
    return dialect.lockRows(rows, "wait").executeTakeFirst();
  }

  /** Until the commit, so that those who count endpoints count each other's. */
  async function lockProject({ db }: Transaction, projectId: string): Promise<void> {
    const project = db.selectFrom("projects").select("id").where("id", "=", projectId);
    await dialect.lockRows(project, "wait").executeTakeFirstOrThrow();
  }

  async function update(
    projectId: string,
    endpointId: string,
    changeOf: (row: WebhookEndpointRow) => Partial<WebhookEndpointRow>,
  ) {
    const changed = await write(async (transaction) => {
      const row = await lockRow(transaction, projectId, endpointId);
      if (row === undefined) return undefined;
      const change = changeOf(row);
      if (Object.keys(change).length > 0) {
        await transaction.db
          .updateTable("webhook_endpoints")
          .set(change)
          .where("id", "=", endpointId)
          .execute();
      }
      return { ...row, ...change };
    });
    return changed && mapper.toEndpoint(changed);
  }

  return {
    create: (endpoint, secret, limit) =>
      write(async (transaction) => {
        const { db } = transaction;
        await lockProject(transaction, endpoint.projectId);
        const existing = await selectEndpoints(transaction, endpoint.projectId).execute();
        const same = existing.find(({ id }) => id === endpoint.id);
        if (same !== undefined) return mapper.toEndpoint(same);
        if (existing.length >= limit) return "full";
        const row: WebhookEndpointRow = {
          id: endpoint.id,
          project_id: endpoint.projectId,
          url: endpoint.url,
          description: endpoint.description ?? null,
          event_types: mapper.encodeTypes(endpoint.eventTypes),
          enabled: dialect.encodeBoolean(endpoint.enabled),
          created_at: endpoint.createdAt,
          deleted_at: null,
          secret_hint: secret.hint,
          previous_hint: null,
          previous_expires_at: null,
          ...mapper.sealSecrets({ id: endpoint.id, project_id: endpoint.projectId }, secret.text),
        };
        await db.insertInto("webhook_endpoints").values(row).execute();
        return mapper.toEndpoint(row);
      }),
    async list(projectId) {
      const rows = await read((reader) =>
        selectEndpoints(reader, projectId)
          .orderBy("created_at", "desc")
          .orderBy("id", "desc")
          .execute(),
      );
      return rows.map((row) => mapper.toEndpoint(row));
    },
    async find(projectId, endpointId) {
      const row = await read((reader) =>
        selectEndpoints(reader, projectId).where("id", "=", endpointId).executeTakeFirst(),
      );
      return row && mapper.toEndpoint(row);
    },
    change: (projectId, endpointId, { url, description, eventTypes, enabled }) =>
      update(projectId, endpointId, () => ({
        ...(url !== undefined && { url }),
        ...(description !== undefined && { description }),
        ...(eventTypes !== undefined && { event_types: mapper.encodeTypes(eventTypes) }),
        ...(enabled !== undefined && { enabled: dialect.encodeBoolean(enabled) }),
      })),
    remove: (projectId, endpointId, at) =>
      write(async (transaction) => {
        const row = await lockRow(transaction, projectId, endpointId);
        if (row === undefined) return false;
        await forget(transaction, endpointId, at);
        return true;
      }),
    rotateSecret: (projectId, endpointId, secret, { at, previousExpiresAt }) =>
      update(projectId, endpointId, (row) => {
        const [current] = mapper.openSecrets(row, at);
        // Run again after a crash: done is done, and the one before goes on signing.
        if (current === secret.text) return {};
        return {
          secret_hint: secret.hint,
          previous_hint: row.secret_hint,
          previous_expires_at: previousExpiresAt,
          ...mapper.sealSecrets(row, secret.text, current),
        };
      }),
    async loadTarget(endpointId, now) {
      const row = await read(({ db }) =>
        db
          .selectFrom("webhook_endpoints")
          .selectAll()
          .where("id", "=", endpointId)
          .where("deleted_at", "is", null)
          .where("enabled", "=", dialect.encodeBoolean(true))
          .executeTakeFirst(),
      );
      return row && { url: row.url, secrets: mapper.openSecrets(row, now) };
    },
  };

  async function forget({ db }: Transaction, endpointId: string, at: number): Promise<void> {
    await db
      .updateTable("webhook_endpoints")
      .set({
        deleted_at: at,
        enabled: dialect.encodeBoolean(false),
        sealed_secret: null,
        sealed_previous_secret: null,
      })
      .where("id", "=", endpointId)
      .execute();
    await db
      .updateTable("webhook_deliveries")
      .set({ status: "DEAD", next_attempt_at: null, last_error: ENDPOINT_DELETED })
      .where("endpoint_id", "=", endpointId)
      .where("status", "=", "PENDING")
      .execute();
  }
}

function selectEndpoints({ db }: Reader, projectId: string) {
  return db
    .selectFrom("webhook_endpoints")
    .selectAll()
    .where("project_id", "=", projectId)
    .where("deleted_at", "is", null);
}
