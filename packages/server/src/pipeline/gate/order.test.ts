import { typeidUnboxed } from "typeid-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LeaseHolder } from "../../routes/testing/lease-holder.js";
import { codeOf, type Reply } from "../../routes/testing/world.js";
import { GateWorld, HUGE, SMALL } from "./testing/gate-world.js";

let gate: GateWorld;
beforeEach(async () => {
  gate = await GateWorld.create();
});
afterEach(() => gate[Symbol.asyncDispose]());

const path = (action = "refund") => `/v1/actions/${action}/execute`;
const newCall = (fields: object = {}) => ({
  id: typeidUnboxed("req"),
  parameters: SMALL,
  ...fields,
});

/** A lease that reaches another action only. */
const elsewhere = () => LeaseHolder.create(gate.world, { scopes: ["actions:other"] });
/** A lease whose budget is used up. */
async function exhausted(): Promise<LeaseHolder> {
  const holder = await LeaseHolder.create(gate.world, { max_calls: 1 });
  await holder.call("POST", path(), newCall());
  return holder;
}

const INVALID = { parameters: { amount: "many" } };

/** Two things that are wrong at once, and which of them is answered. */
const PAIRS: readonly (readonly [string, string, () => Promise<Reply>])[] = [
  [
    "LEASE_REQUIRED",
    "a broken body",
    () => gate.world.call("POST", path(), { as: "agent", body: { id: 1 } }),
  ],
  [
    "PROOF_INVALID",
    "a broken body",
    async () => gate.agent.call("POST", path(), { id: 1 }, { claims: { htm: "GET" } }),
  ],
  [
    "VALIDATION_FAILED",
    "an unknown action",
    () => gate.agent.call("POST", path("none"), { id: 1 }),
  ],
  [
    "ACTION_NOT_FOUND",
    "a scope that is missing",
    async () => (await elsewhere()).call("POST", path("none"), newCall()),
  ],
  [
    "SCOPE_MISSING",
    "parameters that do not fit",
    async () => (await elsewhere()).call("POST", path(), newCall(INVALID)),
  ],
  [
    "SCOPE_MISSING",
    "an id that is known",
    async () => {
      const call = newCall();
      await gate.execute(call);
      return (await elsewhere()).call("POST", path(), call);
    },
  ],
  [
    "ARGUMENTS_CHANGED",
    "parameters that do not fit",
    async () => {
      const call = newCall();
      await gate.execute(call);
      return gate.execute({ ...call, ...INVALID });
    },
  ],
  [
    "REQUEST_ID_CONFLICT",
    "parameters that do not fit",
    async () => {
      const { id } = await gate.world.ask();
      return gate.execute({ id, parameters: SMALL });
    },
  ],
  [
    "VALIDATION_FAILED",
    "no parameters for a new call",
    () => gate.agent.call("POST", path(), { id: typeidUnboxed("req") }),
  ],
  [
    "PARAMETERS_INVALID",
    "a policy against it",
    async () => {
      await gate.world.setPolicy("");
      return gate.execute(INVALID);
    },
  ],
  [
    "PARAMETERS_INVALID",
    "a budget that is used up",
    async () => (await exhausted()).call("POST", path(), newCall(INVALID)),
  ],
  [
    "ACTION_DENIED",
    "a budget that is used up",
    async () => (await exhausted()).call("POST", path(), newCall({ parameters: HUGE })),
  ],
  [
    "LEASE_BUDGET_EXHAUSTED",
    "a service that would fail",
    async () => {
      const holder = await exhausted();
      gate.service.answerJson(500, {});
      return holder.call("POST", path(), newCall());
    },
  ],
];

describe("[P-GATE-ORDER] of what is wrong with a call, the first is answered", () => {
  it.each(PAIRS)("%s before %s", async (code, _, call) => {
    expect(codeOf(await call())).toBe(code);
    // What the pair itself has run, and nothing after it.
    expect(gate.service.calls.length).toBeLessThanOrEqual(1);
  });
});

describe("a scope", () => {
  it("for one action reaches that action", async () => {
    const holder = await LeaseHolder.create(gate.world, { scopes: ["actions:refund"] });
    expect((await holder.call("POST", path(), newCall())).body.outcome).toBe("success");
  });
});
