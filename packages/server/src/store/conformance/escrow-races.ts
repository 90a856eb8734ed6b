import type { EscrowOpening } from "@holdpoint/protocol/escrow";
import { signContent } from "@holdpoint/protocol/escrow";
import { typeidUnboxed } from "typeid-js";
import { beforeEach, expect, it } from "vitest";
import { type Escrow, type EscrowStepTaken, statusOf } from "../../domain/escrow.js";
import type { Store } from "../store.js";
import { makeApiKey, NOW } from "./fixture.js";
import { DAY, MINUTE, OPEN_POLICY, Spender } from "./spender.js";

interface Agent {
  readonly id: string;
  readonly name: string;
}

const AT_ONCE = 8;
const AMOUNT = 1_000;

/**
 * What happens when several end one escrow at the same moment, at one or several replicas: one of
 * them does, and the ledger balances. Signatures are verified before the store is asked, so here the
 * steps are any texts.
 */
export function testEscrowRaces(useStores: () => readonly Store[]): void {
  let spender: Spender;
  let ann: Agent;
  let ben: Agent;

  beforeEach(async () => {
    spender = await Spender.create(...useStores());
    ann = spender.tenant.agent;
    const key = makeApiKey(spender.tenant.projectId, typeidUnboxed("key"), "translator");
    ben = (await spender.store.apiKeys.create(key)).agent;
    await spender.setPolicy(OPEN_POLICY, "project");
    await spender.fund("project", spender.tenant.projectId, 100_000);
    await spender.fund("agent", ann.id, 50_000);
    await spender.fund("agent", ben.id, 50_000);
  });

  async function open(payer = ann, payee = ben, at = NOW): Promise<Escrow> {
    const { projectId } = spender.tenant;
    const draft = spender.draft({ amountMinor: AMOUNT, payee: payee.id }, at);
    const request = { ...draft.request, agent: payer, action: "escrow" };
    const opening: EscrowOpening = {
      version: 1,
      type: "open",
      escrow_id: typeidUnboxed("esc"),
      request_id: request.id,
      project_id: projectId,
      payer: { agent_id: payer.id, key_id: "A".repeat(43) },
      payee: { agent_id: payee.id, key_id: "B".repeat(43) },
      amount: { amount_minor: AMOUNT, currency: "EUR" },
      terms_digest: `sha256:${"0".repeat(64)}`,
      fulfil_by: new Date(at + DAY).toISOString(),
      release_by: new Date(at + 2 * DAY).toISOString(),
    };
    const step = await sign(opening);
    const result = await spender.store.escrows.open({ ...draft, request }, { opening, step });
    if (!("escrow" in result)) throw new Error(`Expected an escrow, got ${result.outcome}.`);
    return result.escrow;
  }

  function advance(
    { id }: Escrow,
    type: EscrowStepTaken["type"],
    from: EscrowStepTaken["from"],
    agent = type === "fulfil" ? ben : ann,
    at = NOW + MINUTE,
  ) {
    const jws = typeidUnboxed("req");
    const step = { type, jws, from, agent, at, ...(type === "fulfil" && { result: "done" }) };
    return spender.store.escrows.advance(spender.tenant.projectId, id, step);
  }

  async function openFulfilled(): Promise<Escrow> {
    const escrow = await open();
    await advance(escrow, "fulfil", "OPEN");
    return escrow;
  }

  async function read({ id }: Escrow): Promise<Escrow> {
    const escrow = await spender.store.escrows.find(spender.tenant.projectId, id);
    if (escrow === undefined) throw new Error("Expected the escrow.");
    return escrow;
  }

  /** Where everybody's money is, in the end: allocated, held, spent. */
  async function balances() {
    const budgets = await spender.store.budgets.list(spender.tenant.projectId);
    const of = (scopeId: string) => {
      const found = budgets.find((budget) => budget.scopeId === scopeId);
      return found && [found.allocated, found.held, found.spent];
    };
    await spender.expectBalanced();
    return { ann: of(ann.id), ben: of(ben.id), project: of(spender.tenant.projectId) };
  }

  const released = {
    ann: [50_000, 0, AMOUNT],
    ben: [50_000 + AMOUNT, 0, 0],
    project: [100_000, 0, 0],
  };
  const returned = { ann: [50_000, 0, 0], ben: [50_000, 0, 0], project: [100_000, 0, 0] };
  const held = { ...returned, ann: [50_000, AMOUNT, 0], project: [100_000, AMOUNT, 0] };

  it("[G8] releases once, however many release", async () => {
    const escrow = await openFulfilled();
    const results = await Promise.all(
      Array.from({ length: AT_ONCE }, () => advance(escrow, "release", "FULFILLED")),
    );
    expect(outcomesOf(results)).toEqual({ taken: 1, lost: AT_ONCE - 1 });
    expect(await balances()).toEqual(released);
  });

  it("[G8] takes the same release once, sent again and again at the same time", async () => {
    const escrow = await openFulfilled();
    const step = { type: "release", jws: "same", from: "FULFILLED", agent: ann } as const;
    const results = await Promise.all(
      Array.from({ length: AT_ONCE }, () =>
        spender.store.escrows.advance(spender.tenant.projectId, escrow.id, {
          ...step,
          at: NOW + MINUTE,
        }),
      ),
    );
    expect(outcomesOf(results)).toEqual({ taken: 1, replayed: AT_ONCE - 1 });
    expect(await balances()).toEqual(released);
  });

  it("[G8] releases or disputes, never both", async () => {
    const escrow = await openFulfilled();
    const results = await Promise.all([
      ...Array.from({ length: 4 }, () => advance(escrow, "release", "FULFILLED")),
      ...Array.from({ length: 4 }, () => advance(escrow, "dispute", "FULFILLED", ben)),
    ]);
    expect(outcomesOf(results)).toEqual({ taken: 1, lost: 7 });
    const { stage } = await read(escrow);
    expect(await balances()).toEqual(stage === "RELEASED" ? released : held);
  });

  it("[G4] fulfils in time, or asks a person, never both", async () => {
    const escrow = await open();
    const [fulfilled, ...asked] = await Promise.all([
      advance(escrow, "fulfil", "OPEN", ben, NOW + DAY - 1),
      ...Array.from({ length: 4 }, () => askDue(escrow, NOW + DAY)),
    ]);
    const { stage, dispute } = await read(escrow);
    const questions = asked.reduce((sum, one) => sum + one, 0);
    expect(stage).toBe(fulfilled?.outcome === "taken" ? "FULFILLED" : "DISPUTED");
    expect(questions).toBe(stage === "DISPUTED" ? 1 : 0);
    expect(dispute === undefined).toBe(stage === "FULFILLED");
    expect(await balances()).toEqual(held);
  });

  it("[G4] releases in time, or asks a person, never both", async () => {
    const escrow = await openFulfilled();
    const [result, ...asked] = await Promise.all([
      advance(escrow, "release", "FULFILLED", ann, NOW + 2 * DAY - 1),
      ...Array.from({ length: 4 }, () => askDue(escrow, NOW + 2 * DAY)),
    ]);
    const { stage } = await read(escrow);
    expect(stage).toBe(result?.outcome === "taken" ? "RELEASED" : "DISPUTED");
    expect(asked.reduce((sum, one) => sum + one, 0)).toBe(stage === "DISPUTED" ? 1 : 0);
    expect(await balances()).toEqual(stage === "RELEASED" ? released : held);
  });

  it("[G1] is decided once, by whoever answers first", async () => {
    const escrow = await openFulfilled();
    await advance(escrow, "dispute", "FULFILLED", ben);
    const { dispute } = await read(escrow);
    const { projectId } = spender.tenant;
    const answer = (status: "APPROVED" | "REJECTED") =>
      spender.store.requests.resolve(projectId, dispute?.requestId ?? "", 1, {
        status,
        decidedBy: spender.actor,
        at: NOW + 2 * MINUTE,
        ...(status === "APPROVED" && {
          approvedDigest: `sha256:${"0".repeat(64)}`,
          grant: { id: typeidUnboxed("gnt"), expiresAt: NOW + DAY },
        }),
      });
    const results = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) => answer(index % 2 ? "APPROVED" : "REJECTED")),
    );
    expect(results.filter((result) => result?.outcome === "resolved")).toHaveLength(1);
    const { stage } = await read(escrow);
    expect(["RELEASED", "RETURNED"]).toContain(stage);
    expect(await balances()).toEqual(stage === "RELEASED" ? released : returned);
  });

  it("[G8] pays both ways at the same time, and loses nothing", async () => {
    const pairs = await Promise.all(
      Array.from({ length: 5 }, async () => [await open(ann, ben), await open(ben, ann)] as const),
    );
    const escrows = pairs.flat();
    await Promise.all(escrows.map((escrow) => advance(escrow, "fulfil", "OPEN", escrow.payee)));
    const results = await Promise.all(
      escrows.map((escrow) => advance(escrow, "release", "FULFILLED", escrow.payer)),
    );
    expect(outcomesOf(results)).toEqual({ taken: 10 });
    expect(await balances()).toEqual({
      ann: [55_000, 0, 5_000],
      ben: [55_000, 0, 5_000],
      project: [100_000, 0, 0],
    });
  });

  it("[G8] puts aside no more than there is", async () => {
    await spender.fund("agent", ann.id, 3 * AMOUNT);
    const escrows = await Promise.all(Array.from({ length: AT_ONCE }, () => open()));
    const statuses = escrows.map(statusOf);
    expect(statuses.filter((status) => status === "OPEN")).toHaveLength(3);
    expect(statuses.filter((status) => status === "VOID")).toHaveLength(AT_ONCE - 3);
    expect((await balances()).ann).toEqual([3 * AMOUNT, 3 * AMOUNT, 0]);
  });

  it("counts as spent to the payer, and not to the project, also in windows made later", async () => {
    const escrow = await openFulfilled();
    await advance(escrow, "release", "FULFILLED");
    expect(await spender.used(NOW + MINUTE, "project")).toEqual(["0.00", "0.00", "0.00", "0.00"]);
    await spender.setPolicy({ ...OPEN_POLICY, timezone: "Asia/Tokyo" });
    expect(await spender.used(NOW + MINUTE, "agent")).toEqual(["10.00", "10.00", "10.00", "10.00"]);
    await spender.setPolicy({ ...OPEN_POLICY, timezone: "Asia/Tokyo" }, "project");
    expect(await spender.used(NOW + MINUTE, "project")).toEqual(["0.00", "0.00", "0.00", "0.00"]);
  });

  it("keeps terms and result while its money is held, and lets retention have them after", async () => {
    const escrow = await openFulfilled();
    const cutoffs = { now: NOW + 40 * DAY, contentsBefore: NOW + 30 * DAY, abandonedBefore: 0 };
    await spender.store.retention.deleteContents(cutoffs, 1_000);
    const whole = await read(escrow);
    expect(whole).toMatchObject({ result: "done", purchase: { request: { payload: {} } } });
    await advance(escrow, "release", "FULFILLED");
    await spender.store.retention.deleteContents(cutoffs, 1_000);
    const { result, steps, purchase } = await read(escrow);
    expect({ result, payload: purchase.request.payload, steps: steps.length }).toEqual({
      result: undefined,
      payload: undefined,
      steps: 3,
    });
  });

  /** Questions that were asked about this one: others of this store may be due as well. */
  async function askDue(escrow: Escrow, now: number): Promise<number> {
    const { asked } = await spender.store.escrows.askDue(now, 100);
    const { dispute } = await read(escrow);
    return asked.filter(({ id }) => id === dispute?.requestId).length;
  }
}

/** Signed by anybody: only that it can be read again matters here. */
async function sign(opening: EscrowOpening): Promise<string> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new Error("Expected a pair of keys.");
  const { privateKey } = pair;
  return signContent("open", opening, { keyId: opening.payer.key_id, privateKey });
}

function outcomesOf(results: readonly ({ readonly outcome: string } | undefined)[]) {
  const counts: Record<string, number> = {};
  for (const result of results) {
    const outcome = result?.outcome ?? "missing";
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}
