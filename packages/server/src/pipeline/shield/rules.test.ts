import { typeidUnboxed } from "typeid-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { codeOf } from "../../routes/testing/world.js";
import { type Asked, ShieldWorld } from "./testing/shield-world.js";

let shield: ShieldWorld;
beforeEach(async () => {
  shield = await ShieldWorld.create();
  await shield.world.setPolicy('@id("allow") permit (principal, action, resource);');
  await shield.begin();
  await shield.setMode("locked");
  await shield.setMode("enforce");
  // Where others use the same cores.
}, 30_000);
afterEach(() => shield[Symbol.asyncDispose]());

const CARD = { note: "Charge 4242 4242 4242 4242, please." };

/** Whether it was held, for what, and why. */
const heldFor = ({ status, shield: { signals, explanation } }: Asked) => [
  status,
  signals,
  explanation,
];

/** As many asks in one run, in one minute. */
async function askTimes(times: number, fields: (index: number) => object): Promise<Asked[]> {
  const run_id = typeidUnboxed("run");
  const asked: Asked[] = [];
  for (let index = 0; index < times; index += 1) {
    asked.push(await shield.ask({ action: "poll", payload: { index }, run_id, ...fields(index) }));
  }
  return asked;
}

const statusesOf = (asked: readonly Asked[]) => asked.map(({ status }) => status);

describe("[P-SHIELD-RULES] the rule of", () => {
  it("velocity holds the step that is one too many in a minute, and is off by default", async () => {
    expect(statusesOf(await askTimes(5, () => ({})))).not.toContain("PENDING");
    await shield.setSettings({ rules: { velocity: { max_per_minute: 3 } } });
    const asked = await askTimes(4, () => ({}));
    expect(statusesOf(asked)).toEqual(["APPROVED", "APPROVED", "APPROVED", "PENDING"]);
    expect(asked.map(heldFor)[3]).toEqual([
      "PENDING",
      ["velocity"],
      "This run has made 4 steps in a minute; the rule allows 3.",
    ]);
    const slow = await askTimes(4, () => {
      shield.world.clock.advance(60_000);
      return {};
    });
    expect(statusesOf(slow)).not.toContain("PENDING");
  });

  it("loops holds the same call with the same arguments, and is off by default", async () => {
    const same = () => ({ payload: { id: 7 } });
    expect(statusesOf(await askTimes(5, same))).not.toContain("PENDING");
    await shield.setSettings({ rules: { loop: { max_repeats: 2 } } });
    const asked = await askTimes(3, same);
    expect(statusesOf(asked)).toEqual(["APPROVED", "APPROVED", "PENDING"]);
    expect(asked.map(heldFor)[2]).toEqual([
      "PENDING",
      ["loop"],
      "This run has called poll with the same arguments 3 times in a row; the rule allows 2.",
    ]);
    expect(statusesOf(await askTimes(5, () => ({})))).not.toContain("PENDING");
  });

  it("loops goes by the client's fingerprint where there is one", async () => {
    await shield.setSettings({ rules: { loop: { max_repeats: 1 } } });
    const asked = await askTimes(2, () => ({ fingerprint: "0".repeat(32) }));
    expect(asked[1]?.shield.signals).toEqual(["loop"]);
  });

  it("sensitive data holds arguments that hold it, and is off by default", async () => {
    expect((await shield.ask({ payload: CARD })).status).toBe("APPROVED");
    await shield.setSettings({ rules: { sensitive: { kinds: ["card_number"] } } });
    const [status, signals, explanation] = heldFor(await shield.ask({ payload: CARD }));
    expect([status, signals]).toEqual(["PENDING", ["sensitive"]]);
    expect(explanation).toContain("card_number");
    expect(explanation).not.toContain("4242");
    expect((await shield.ask({ payload: { note: "ada@example.com" } })).status).toBe("APPROVED");
  });

  it("sensitive data goes by what the client has found before it sealed them", async () => {
    await shield.setSettings({ rules: { sensitive: { kinds: ["card_number"] } } });
    const sealed = async (sensitive?: readonly string[]) => {
      const sealedCard = await shield.seal(CARD);
      return shield.ask({ ...sealedCard, ...(sensitive && { sensitive }) });
    };
    expect((await sealed(["card_number"])).shield.signals).toEqual(["sensitive"]);
    expect((await sealed(["email"])).shield.signals).toEqual([]);
    expect((await sealed()).shield.signals).toEqual([]);
  });

  it("the cost of a run holds the purchase that goes beyond it, and is off by default", async () => {
    await shield.world.call("POST", "/v1/spend-policies", {
      as: "admin",
      body: {
        policy: { currency: "EUR", auto_approve: { enabled: true }, daily_limit: "1000.00" },
      },
    });
    const buyTwice = async (run_id: string) => [
      (await shield.world.buy({ run_id })).status,
      (await shield.world.buy({ run_id })).status,
    ];
    expect(await buyTwice("one")).toEqual(["auto_approved", "auto_approved"]);
    await shield.setMode("locked", "spend");
    await shield.setMode("enforce", "spend");
    const rule = { run_cost: { max_minor: 2_000, currency: "EUR" } };
    await shield.setSettings({ rules: rule }, "spend");
    expect(await buyTwice("two")).toEqual(["auto_approved", "pending"]);
    const list = await shield.world.call("GET", "/v1/requests?status=PENDING", { as: "admin" });
    expect(list.body.data[0].shield).toMatchObject({
      signals: ["run_cost"],
      effect: "held",
      explanation:
        "With this step its run costs 2,500 in minor units of EUR; the rule allows 2,000.",
    });
  });

  it.each(["velocity", "loop", "sensitive", "run_cost"])(
    "%s is refused without its terms, and nothing is set",
    async (rule) => {
      const body = { base_revision: 0, rules: { [rule]: {} } };
      const path = "/v1/shield/deploy/settings";
      const reply = await shield.world.call("PUT", path, { as: "admin", body });
      expect(codeOf(reply)).toBe("VALIDATION_FAILED");
      expect((await shield.profile()).settings.rules).toEqual({});
    },
  );
});

it("[P-SHIELD-RULES] a rule that is broken is told, and nothing more, where the shield does not enforce", async () => {
  await shield.setSettings({ rules: { sensitive: { kinds: ["card_number"] } } });
  await shield.setMode("locked");
  const warned = await shield.ask({ payload: CARD });
  expect([warned.status, warned.shield.effect]).toEqual(["APPROVED", "warned"]);
  await shield.setMode("shadow");
  const told = await shield.ask({ payload: CARD });
  expect([told.status, told.shield.effect]).toEqual(["APPROVED", "none"]);
  expect([told.shield.anomalous, told.shield.signals]).toEqual([true, ["sensitive"]]);
});
