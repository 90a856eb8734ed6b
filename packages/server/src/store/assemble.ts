import type { AuthDatabase, Database } from "./database.js";
import { StoreError } from "./errors.js";
import type { ChangeFeed } from "./feed.js";
import { migrate } from "./migrations/migrate.js";
import { missingMasterKey, Vault } from "./sealing/vault.js";
import type { Store } from "./store.js";
import { createActionStore } from "./tables/actions.js";
import { createAgentIdentityStore } from "./tables/agent-identities.js";
import { createAgentKeyStore } from "./tables/agent-keys.js";
import { createAgentLimitStore } from "./tables/agent-limits.js";
import { createAgentStore } from "./tables/agents.js";
import { createApiKeyStore } from "./tables/api-keys.js";
import { createAuthorityStore } from "./tables/authorities.js";
import { createBudgetStore } from "./tables/budgets.js";
import { createEscrowFollower } from "./tables/escrow-follower.js";
import { EscrowMoney } from "./tables/escrow-money.js";
import { createEscrowStore } from "./tables/escrows.js";
import { createEventWriter } from "./tables/event-row.js";
import { createEventStore } from "./tables/events.js";
import { createExecutionStore } from "./tables/executions.js";
import { createGateCallStore } from "./tables/gate-calls.js";
import { createGateEventWriter } from "./tables/gate-part.js";
import { createIdempotencyStore } from "./tables/idempotency.js";
import { createKeyRing } from "./tables/key-ring.js";
import { createKillSwitchStore } from "./tables/kill-switches.js";
import { createLeaseStore } from "./tables/leases.js";
import { createLogStore } from "./tables/log.js";
import { createOperatorTokenStore } from "./tables/operator-tokens.js";
import { createOperatorStore } from "./tables/operators.js";
import { createOrganisationStore } from "./tables/organisations.js";
import { createPolicyStore } from "./tables/policies.js";
import { createProjectEventWriter } from "./tables/project-events.js";
import { createProjectStore } from "./tables/projects.js";
import { createPurchaseFollower } from "./tables/purchase-follower.js";
import { PurchaseMoney } from "./tables/purchase-money.js";
import { createPurchaseStore } from "./tables/purchases.js";
import { createReceiptStore, createReceiptWriter } from "./tables/receipts.js";
import { createRecordStore } from "./tables/records.js";
import { createRequestStore } from "./tables/requests.js";
import { createRetentionStore } from "./tables/retention.js";
import { createSecretStore } from "./tables/secrets.js";
import { createShieldParts, createShieldStore } from "./tables/shield.js";
import { createReviewFollower } from "./tables/shield-reviews.js";
import { createSigningKeyStore, ensureSigningKeys } from "./tables/signing-keys.js";
import { createSpendPolicyStore } from "./tables/spend-policies.js";
import { createStateStore } from "./tables/states.js";
import { createProofStore } from "./tables/used-proofs.js";
import { createWasmModuleStore } from "./tables/wasm-modules.js";
import { createWebhookDeliveryStore } from "./tables/webhook-deliveries.js";
import { createWebhookEndpointStore } from "./tables/webhook-endpoints.js";
import { createWebhookOutbox } from "./tables/webhook-outbox.js";

/** A store over a database of ours, which the sign-in library shares. */
export interface DatabaseStore extends Store {
  /**
   * For better-auth's `database` option. Its statements take turns with the store's own, so a call
   * of the store must not be awaited inside one of its transactions.
   */
  readonly auth: AuthDatabase;
  /** What others on the same database do; absent where there can be nobody else. */
  readonly feed?: ChangeFeed;
}

/** Migrates the database, checks that its master keys are loaded, and puts the verbs on it. */
export async function assembleStore(
  open: () => Promise<Database>,
  masterKeys: readonly string[],
): Promise<DatabaseStore> {
  const vault = new Vault(masterKeys);
  const opened = await open();
  try {
    await migrate(opened);
    await registerMasterKey(opened, vault);
    await ensureSigningKeys(opened, vault);
  } catch (error) {
    await opened.close();
    throw error;
  }
  return createStore(opened, vault);
}

/** Refuses a database that was written with a key which is not loaded; notes the one that writes now. */
async function registerMasterKey({ write, dialect }: Database, vault: Vault): Promise<void> {
  await write(async ({ db }) => {
    // Two that start at once with different keys must not both find the table empty.
    await dialect.lockTable(db, "master_keys");
    const known = await db.selectFrom("master_keys").select("id").execute();
    const missing = known.map(({ id }) => id).filter((id) => !vault.has(id));
    if (missing.length > 0) throw missingMasterKey(missing);
    await db
      .insertInto("master_keys")
      .values({ id: vault.writingKeyId })
      .onConflict((conflict) => conflict.column("id").doNothing())
      .execute();
  });
}

function createStore(opened: Database, vault: Vault): DatabaseStore {
  const { database, close } = closeable(opened);
  const keyRing = createKeyRing(vault);
  const outbox = createWebhookOutbox(database.dialect);
  const others = [createReceiptWriter(keyRing), outbox.write];
  const appendEvent = createEventWriter(database.dialect, others);
  // What is told of money is followed by nobody, or money would follow itself.
  const money = new PurchaseMoney(database, appendEvent);
  const escrowMoney = new EscrowMoney(database, vault, money, appendEvent);
  const shield = createShieldParts(database.dialect);
  const appendFollowed = createGateEventWriter(
    createEventWriter(database.dialect, [
      ...others,
      createPurchaseFollower(database, money),
      createEscrowFollower(database, escrowMoney),
      createReviewFollower(shield.review),
    ]),
  );
  const appendProjectEvent = createProjectEventWriter(database.dialect, keyRing);
  return {
    requests: createRequestStore(database, vault, appendFollowed, shield),
    events: createEventStore(database, vault),
    executions: createExecutionStore(database, vault, appendFollowed),
    idempotency: createIdempotencyStore(database, vault),
    projects: createProjectStore(database),
    agents: createAgentStore(database),
    agentLimits: createAgentLimitStore(database, appendProjectEvent),
    agentIdentities: createAgentIdentityStore(database, appendProjectEvent),
    leases: createLeaseStore(database, keyRing, appendProjectEvent),
    proofs: createProofStore(database),
    authority: createAuthorityStore(database, appendProjectEvent),
    apiKeys: createApiKeyStore(database),
    operators: createOperatorStore(database),
    operatorTokens: createOperatorTokenStore(database),
    states: createStateStore(database, vault),
    retention: createRetentionStore(database),
    records: createRecordStore(database, vault),
    shield: createShieldStore(database, shield, appendProjectEvent),
    purchases: createPurchaseStore(database, vault, money, appendEvent, shield),
    agentKeys: createAgentKeyStore(database, keyRing),
    escrows: createEscrowStore(database, vault, money, escrowMoney, appendEvent, shield),
    spendPolicies: createSpendPolicyStore(database),
    killSwitches: createKillSwitchStore(database),
    budgets: createBudgetStore(database),
    organisations: createOrganisationStore(database),
    webhookEndpoints: createWebhookEndpointStore(database, vault),
    webhookDeliveries: createWebhookDeliveryStore(database, outbox),
    actions: createActionStore(database, appendProjectEvent),
    secrets: createSecretStore(database, vault),
    wasmModules: createWasmModuleStore(database),
    gateCalls: createGateCallStore(database, vault, appendEvent, shield),
    policies: createPolicyStore(database, appendProjectEvent),
    receipts: createReceiptStore(database),
    signingKeys: createSigningKeyStore(database, vault, keyRing),
    log: createLogStore(database, keyRing),
    auth: database.auth,
    ...(database.feed && { feed: database.feed }),
    ping: () => ping(database, vault),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A commit, which a read-only or full disk refuses, and a read. */
async function ping({ read, write }: Database, vault: Vault): Promise<void> {
  const id = vault.writingKeyId;
  await write(({ db }) => db.updateTable("master_keys").set({ id }).where("id", "=", id).execute());
  await read(({ db }) => db.selectFrom("master_keys").select("id").limit(1).execute());
}

/** Once closing, refuses what comes and waits for what is under way; closing twice is closing once. */
function closeable(opened: Database): { database: Database; close: () => Promise<void> } {
  const underWay = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  async function admit<Result>(start: () => Promise<Result>): Promise<Result> {
    if (closing !== undefined) {
      throw new StoreError({ code: "STORE_CLOSED", message: "The store is closed." });
    }
    const work = start();
    underWay.add(work);
    try {
      return await work;
    } finally {
      underWay.delete(work);
    }
  }

  async function finish(): Promise<void> {
    await Promise.allSettled(underWay);
    await opened.close();
  }

  return {
    database: {
      ...opened,
      read: (query) => admit(() => opened.read(query)),
      write: (mutation) => admit(() => opened.write(mutation)),
    },
    close() {
      closing ??= finish();
      return closing;
    },
  };
}
