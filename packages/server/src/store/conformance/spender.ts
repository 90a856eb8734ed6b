import { LIMITS, receiptIdOf } from "@holdpoint/protocol";
import type { SpendPolicy, SpendRule, SpendScope } from "@holdpoint/protocol/spend";
import { typeidUnboxed } from "typeid-js";
import { expect } from "vitest";
import { digestOf, digestTextOf } from "../../domain/digest.js";
import type { Claim, Ending } from "../../domain/execution.js";
import type { Resolution } from "../../domain/request.js";
import { payloadOf, schemaOf } from "../../domain/spend/payload.js";
import {
  type Confirmation,
  type NewPurchase,
  type Purchase,
  type PurchaseTerms,
  SPEND_SERVICE,
} from "../../domain/spend/purchase.js";
import type { Store } from "../store.js";
import type { Budget, LedgerEntry } from "../verbs/budgets.js";
import { createTenant, NOW, type Tenant } from "./fixture.js";

export const DAY = 86_400_000;
export const MINUTE = 60_000;

/** Lets everything through that fits its limits, and refuses what only asks how much was used. */
export const OPEN_POLICY: SpendPolicy = {
  currency: "EUR",
  daily_limit: "100000.00",
  weekly_limit: "100000.00",
  monthly_limit: "100000.00",
  total_limit: "100000.00",
  blocked_categories: ["probe"],
  auto_approve: { enabled: true },
};

/** An agent that spends, and the people of its project. Calls go to each replica in turn. */
export class Spender {
  readonly tenant: Tenant;
  readonly #stores: readonly Store[];
  #calls = 0;

  private constructor(stores: readonly Store[], tenant: Tenant) {
    this.#stores = stores;
    this.tenant = tenant;
  }

  static async create(...stores: readonly Store[]): Promise<Spender> {
    const [store] = stores;
    if (store === undefined) throw new Error("Expected a store.");
    return new Spender(stores, await createTenant(store));
  }

  get store(): Store {
    this.#calls += 1;
    return this.#stores[this.#calls % this.#stores.length] as Store;
  }

  get actor() {
    const { id, name } = this.tenant.admin;
    return { type: "operator", id, name } as const;
  }

  draft(
    terms: Partial<PurchaseTerms> = {},
    at = NOW,
    id: string = typeidUnboxed("req"),
  ): NewPurchase {
    const { projectId, agent } = this.tenant;
    const whole = { amountMinor: 1_000, currency: "EUR", category: "software", ...terms };
    const payload = payloadOf(whole, {});
    return {
      request: {
        id,
        projectId,
        agent,
        service: SPEND_SERVICE,
        action: "purchase",
        priority: "medium",
        encrypted: false,
        metadata: {},
        createdAt: at,
        payload,
        schema: schemaOf(whole, {}),
        digest: digestOf(whole),
        payloadDigest: digestTextOf(payload),
      },
      terms: whole,
      grant: { id: typeidUnboxed("gnt"), expiresAt: at + LIMITS.grantMs },
    };
  }

  async buy(terms: Partial<PurchaseTerms> = {}, at = NOW): Promise<Purchase> {
    const result = await this.store.purchases.create(this.draft(terms, at));
    if (!("purchase" in result)) throw new Error(`Expected a purchase, got ${result.outcome}.`);
    return result.purchase;
  }

  setPolicy(policy: SpendPolicy | null, of: "agent" | "project" = "agent") {
    const { projectId, agent } = this.tenant;
    return this.store.spendPolicies.set({
      projectId,
      ...(of === "agent" && { agentId: agent.id }),
      id: typeidUnboxed("spp"),
      policy,
      createdAt: NOW,
      createdBy: this.actor,
    });
  }

  stop(stopped: boolean, of: "agent" | "project" = "agent") {
    const { projectId, agent } = this.tenant;
    return this.store.killSwitches.set({
      projectId,
      ...(of === "agent" && { agentId: agent.id }),
      stopped,
      changedAt: NOW,
      changedBy: this.actor,
    });
  }

  async joinOrganisation(): Promise<string> {
    const id = typeidUnboxed("org");
    const { projectId } = this.tenant;
    await this.store.organisations.create({ id, name: "Acme", createdAt: NOW }, [projectId]);
    return id;
  }

  async fund(scope: SpendScope, scopeId: string, amountMinor: number | null, currency = "EUR") {
    const place = { scope, scopeId, currency };
    return this.store.budgets.allocate(place, amountMinor, NOW, this.actor);
  }

  fundAgent(amountMinor: number | null) {
    return this.fund("agent", this.tenant.agent.id, amountMinor);
  }

  resolve({ request }: Purchase, resolution: Partial<Resolution>) {
    const { projectId } = this.tenant;
    return this.store.requests.resolve(projectId, request.id, 1, {
      status: "APPROVED",
      decidedBy: this.actor,
      at: request.createdAt + MINUTE,
      ...resolution,
    });
  }

  /** As a person approves it, for less where that is said. */
  approve(purchase: Purchase, options: { at?: number; amountMinor?: number } = {}) {
    const { request, terms } = purchase;
    const { at = request.createdAt + MINUTE, amountMinor } = options;
    const approved = payloadOf({ ...terms, amountMinor: amountMinor ?? terms.amountMinor }, {});
    const grant = { id: typeidUnboxed("gnt"), expiresAt: at + LIMITS.grantMs };
    const approval = { at, grant, approvedDigest: digestTextOf(approved) };
    if (amountMinor === undefined) return this.resolve(purchase, approval);
    return this.resolve(purchase, {
      ...approval,
      status: "APPROVED_WITH_MODIFICATIONS",
      patchedPayload: approved,
      approvedAmountMinor: amountMinor,
    });
  }

  confirm({ request }: Purchase, said: Partial<Confirmation> = {}) {
    const { success = true, actualAmountMinor } = said;
    return this.store.purchases.confirm(this.tenant.projectId, request.id, {
      success,
      digest: digestOf({ success, actualAmountMinor: actualAmountMinor ?? null }),
      agent: this.tenant.agent,
      at: request.createdAt + 2 * MINUTE,
      ...said,
    });
  }

  refund({ request }: Purchase, amountMinor: number, id: string = typeidUnboxed("rfd")) {
    return this.store.purchases.refund(this.tenant.projectId, request.id, {
      id,
      amountMinor,
      operator: this.tenant.admin,
      at: request.createdAt + 3 * MINUTE,
    });
  }

  /** Claims the grant that a purchase carries. */
  async claim(purchase: Purchase, overrides: Partial<Claim> = {}) {
    const { request } = await this.read(purchase);
    const at = request.createdAt + MINUTE;
    return this.store.executions.claim({
      id: typeidUnboxed("exe"),
      projectId: request.projectId,
      requestId: request.id,
      agent: request.agent,
      grantId: request.grant?.id ?? "",
      approvedDigest: request.approvedDigest ?? "",
      idempotent: false,
      at,
      leaseExpiresAt: at + MINUTE,
      ...overrides,
    });
  }

  async run(purchase: Purchase, overrides: Partial<Claim> = {}): Promise<string> {
    const claimed = await this.claim(purchase, overrides);
    if (claimed.outcome !== "claimed") throw new Error("Expected to have claimed it.");
    return claimed.execution.id;
  }

  settle(executionId: string, status: Ending["status"], at = NOW + MINUTE) {
    return this.store.executions.settle(this.tenant.projectId, executionId, {
      status,
      fencingToken: 1,
      settledBy: { type: "agent", ...this.tenant.agent },
      at,
    });
  }

  reconcile(executionId: string, status: Ending["status"], at: number) {
    return this.store.executions.reconcile(this.tenant.projectId, executionId, {
      status,
      settledBy: this.actor,
      at,
      evidence: { provider_record: "ch_1" },
    });
  }

  async read({ request }: Purchase): Promise<Purchase> {
    const purchase = await this.store.purchases.find(this.tenant.projectId, request.id);
    if (purchase === undefined) throw new Error("Expected the purchase.");
    return purchase;
  }

  /** Where the money of one scope is: allocated, held, spent. */
  async balance(scope: SpendScope = "agent", currency = "EUR") {
    const budgets = await this.store.budgets.list(this.tenant.projectId);
    const found = budgets.find((one) => one.scope === scope && one.currency === currency);
    return found && [found.allocated ?? null, found.held, found.spent];
  }

  /** What the limits count as used at a moment: day, week, month, ever. Reserves nothing. */
  async used(at: number, scope: SpendScope = "agent"): Promise<readonly (string | undefined)[]> {
    const { checks } = await this.buy({ category: "probe", amountMinor: 1 }, at);
    const rules: SpendRule[] = ["daily_limit", "weekly_limit", "monthly_limit", "total_limit"];
    return rules.map((rule) => {
      const check = checks.find((one) => one.rule === rule && one.scope === scope);
      return check?.detail.split(" + ")[0];
    });
  }

  async typesOf({ request }: Purchase): Promise<readonly string[]> {
    const events = await this.store.events.listForRequest(request.projectId, request.id);
    return events.map(({ type }) => type);
  }

  async entriesOf({ request }: Purchase, scope: SpendScope = "agent") {
    const entries = await this.#entriesOf(scope);
    return entries
      .filter(({ requestId }) => requestId === request.id)
      .map(({ kind, from, to, amount }) => [kind, from, to, amount]);
  }

  async #entriesOf(scope: SpendScope): Promise<readonly LedgerEntry[]> {
    const budgets = await this.store.budgets.list(this.tenant.projectId);
    const entries: LedgerEntry[] = [];
    for (const budget of budgets.filter((one) => one.scope === scope)) {
      entries.push(...(await this.#allEntries(budget)));
    }
    // Of one millisecond, the order in which they are written is not kept.
    return entries.toReversed();
  }

  async #allEntries({ id }: Budget): Promise<readonly LedgerEntry[]> {
    const entries: LedgerEntry[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.store.budgets.listEntries(this.tenant.projectId, id, {
        limit: 100,
        ...(cursor !== undefined && { cursor }),
      });
      entries.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return entries;
  }

  /**
   * Holds every budget against its ledger: what is held and spent is what has moved, everything that
   * moved has its receipt, and nothing is below nothing, nor above what is allocated.
   */
  async expectBalanced({ mayOvershoot = false } = {}): Promise<void> {
    for (const budget of await this.store.budgets.list(this.tenant.projectId)) {
      const entries = await this.#allEntries(budget);
      const sum = (account: string) =>
        entries.reduce(
          (total, { from, to, amount }) =>
            total + (to === account ? amount : 0) - (from === account ? amount : 0),
          0,
        );
      expect({ held: sum("held"), spent: sum("spent") }).toEqual({
        held: budget.held,
        spent: budget.spent,
      });
      expect(sum("funding") + sum("available") + sum("held") + sum("spent")).toBe(0);
      expect(entries.every(({ amount }) => amount > 0)).toBe(true);
      if (budget.allocated !== undefined && !mayOvershoot) {
        expect(budget.held + budget.spent).toBeLessThanOrEqual(budget.allocated);
      }
      // What other projects have moved is proved to them.
      if (budget.scope !== "organisation") await this.#expectReceipts(entries);
    }
  }

  async #expectReceipts(entries: readonly LedgerEntry[]): Promise<void> {
    const moved = entries.filter(({ requestId }) => requestId !== undefined);
    const ids = [...new Set(moved.map(({ eventId = "" }) => eventId))];
    const found = await Promise.all(
      ids.map((id) => this.store.receipts.find(this.tenant.projectId, receiptIdOf(id))),
    );
    expect(found.filter((receipt) => receipt === undefined)).toEqual([]);
  }
}
