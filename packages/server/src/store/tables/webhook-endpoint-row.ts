import type { RequestEventType } from "@holdpoint/protocol";
import type { Dialect } from "../dialects/dialect.js";
import type { WebhookEndpointRow } from "../schema.js";
import type { Vault } from "../sealing/vault.js";
import type { WebhookEndpoint } from "../verbs/webhooks.js";
import { optional } from "./request-row.js";

type SecretColumns = Pick<
  WebhookEndpointRow,
  "master_key_id" | "data_key" | "sealed_secret" | "sealed_previous_secret"
>;
type Place = Pick<WebhookEndpointRow, "id" | "project_id">;

/** Between endpoints and their rows, sealing and opening secrets on the way. */
export class WebhookEndpointMapper {
  readonly #dialect: Dialect;
  readonly #vault: Vault;

  constructor(dialect: Dialect, vault: Vault) {
    this.#dialect = dialect;
    this.#vault = vault;
  }

  /** Both secrets under one fresh data key. */
  sealSecrets(place: Place, secret: string, previous?: string): SecretColumns {
    const { seal, key } = this.#vault.createSeal(sealedPlace(place));
    return {
      master_key_id: key.masterKeyId,
      data_key: key.wrapped,
      sealed_secret: seal.seal("webhook_secret", secret),
      sealed_previous_secret:
        previous === undefined ? null : seal.seal("webhook_previous_secret", previous),
    };
  }

  /** In clear, newest first; the previous one while it has not expired. */
  openSecrets(row: WebhookEndpointRow, now: number): string[] {
    const seal = this.#vault.openSeal(sealedPlace(row), {
      masterKeyId: row.master_key_id,
      wrapped: row.data_key,
    });
    const secrets: unknown[] = [];
    if (row.sealed_secret !== null) secrets.push(seal.open("webhook_secret", row.sealed_secret));
    const { sealed_previous_secret, previous_expires_at } = row;
    const isPreviousValid =
      previous_expires_at !== null && this.#dialect.decodeInteger(previous_expires_at) > now;
    if (sealed_previous_secret !== null && isPreviousValid) {
      secrets.push(seal.open("webhook_previous_secret", sealed_previous_secret));
    }
    return secrets.map(String);
  }

  encodeTypes(types: readonly RequestEventType[] | null | undefined): unknown {
    return types ? this.#dialect.encodeJson(types) : null;
  }

  toEndpoint(row: WebhookEndpointRow): WebhookEndpoint {
    const { previous_hint, previous_expires_at } = row;
    return {
      id: row.id,
      projectId: row.project_id,
      url: row.url,
      ...optional("description", row.description),
      ...(row.event_types !== null && {
        eventTypes: this.#dialect.decodeJson(row.event_types) as RequestEventType[],
      }),
      enabled: this.#dialect.decodeBoolean(row.enabled),
      createdAt: this.#dialect.decodeInteger(row.created_at),
      secrets: [
        { hint: row.secret_hint },
        ...(previous_hint !== null && previous_expires_at !== null
          ? [{ hint: previous_hint, expiresAt: this.#dialect.decodeInteger(previous_expires_at) }]
          : []),
      ],
    };
  }
}

/** The vault knows requests; an endpoint's id is of another kind, so no place is named twice. */
function sealedPlace({ id, project_id }: Place) {
  return { projectId: project_id, requestId: id };
}
