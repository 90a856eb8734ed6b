import type { JsonValue } from "@holdpoint/protocol";
import { describe, expect, it } from "vitest";
import { checkPolicy } from "./check.js";
import { evaluatePolicy } from "./evaluate.js";
import { MAX_PARTS } from "./leaves.js";
import type { PolicyQuestion } from "./question.js";
import { AT, questionOf } from "./testing.js";

const ALLOW = '@id("allow") permit (principal, action, resource);';
const HOLD =
  '@id("hold") @hold("finance") @reason("Ask them.") permit (principal, action, resource);';
const HOLD_TOO = '@id("hold-too") @hold("legal") permit (principal, action, resource);';
const DENY = '@id("deny") @reason("Never.") forbid (principal, action, resource);';
const NEVER = `${ALLOW.slice(0, -1)} when { context.priority == "critical" };`.replace(
  "allow",
  "x",
);
/** It overflows, which strict validation cannot know. */
const BROKEN =
  '@id("broken") permit (principal, action, resource) when { context.time.unix_ms * 9223372036854775807 > 0 };';

const when = (condition: string) => `permit (principal, action, resource) when { ${condition} };`;

function verdictOf(text: string, fields: Partial<PolicyQuestion> = {}): string {
  expect(checkPolicy(text)).toMatchObject({ valid: true });
  const { verdict, failed } = evaluatePolicy(text, questionOf(fields));
  return failed ? "failed" : verdict;
}

const ofPayload = (condition: string, payload: JsonValue) =>
  verdictOf(when(`context has payload && ${condition}`), { payload });

describe.each(["ask", "purchase", "execute"] as const)("a policy about an %s", (entry) => {
  it.each([
    ["nothing", "", "none", []],
    ["what does not match", NEVER, "none", []],
    ["permit", ALLOW, "allow", ["allow"]],
    ["a held permit", HOLD, "hold", ["hold"]],
    ["forbid", DENY, "deny", ["deny"]],
    ["permit and a held permit", ALLOW + HOLD, "hold", ["hold"]],
    ["two held permits", HOLD + HOLD_TOO, "hold", ["hold", "hold-too"]],
    ["permit, a held permit and forbid", ALLOW + HOLD + DENY, "deny", ["deny"]],
    ["forbid, and what cannot be evaluated", BROKEN + DENY, "deny", ["deny"]],
  ] as const)("[P-POLICY] answers %s", (_name, text, verdict, statements) => {
    const answer = evaluatePolicy(text, questionOf({ entry }));
    expect([answer.verdict, answer.statements, answer.failed]).toEqual([
      verdict,
      statements,
      undefined,
    ]);
  });

  it.each([
    ["alone", BROKEN],
    ["beside a permit", ALLOW + BROKEN],
    ["beside a held permit", BROKEN + HOLD],
  ])("[P-POLICY] fails where a statement cannot be evaluated, %s", (_name, text) => {
    expect(checkPolicy(text).valid).toBe(true);
    const answer = evaluatePolicy(text, questionOf({ entry }));
    expect(answer).toMatchObject({ verdict: "none", statements: [], failed: true });
    expect(answer.errors[0]).toMatch(/overflow/);
  });

  it("matches the entry it names", () => {
    const text = `permit (principal, action == Action::"${entry}", resource);`;
    expect(verdictOf(text, { entry })).toBe("allow");
    for (const other of ["ask", "purchase", "execute"] as const) {
      if (other !== entry) expect(verdictOf(text, { entry: other })).toBe("none");
    }
  });
});

describe("a policy", () => {
  it("gives the role and the reason of the first that says one", () => {
    const answer = evaluatePolicy(HOLD_TOO + HOLD, questionOf());
    expect(answer).toMatchObject({ role: "legal", reason: "Ask them." });
    expect(evaluatePolicy(ALLOW + HOLD, questionOf())).toMatchObject({ role: "finance" });
    expect(evaluatePolicy(DENY + HOLD, questionOf())).not.toHaveProperty("role");
  });

  it("fails where the text is no policy", () => {
    expect(evaluatePolicy("permit (principal", questionOf())).toMatchObject({ failed: true });
  });

  it("keeps apart more texts than stay prepared", () => {
    const texts = Array.from(
      { length: 250 },
      (_, index) => `@id("n${index}") permit (principal, action, resource);`,
    );
    for (const round of [texts, texts.toReversed(), texts]) {
      const named = round.map((text) => evaluatePolicy(text, questionOf()).statements);
      expect(named).toEqual(round.map((text) => [/n\d+/.exec(text)?.[0]]));
    }
  });

  it.each([
    ["the agent's id", 'principal == Agent::"agt_01h455vb4pex5vsknk084sn02q"'],
    ["the agent's name", 'principal.name == "refund-bot"'],
    ["scopes", 'context.scopes.contains("requests:write") && principal.scopes == context.scopes'],
    ["service and action", 'context.service == "billing" && context.action == "refund"'],
    ["what is asked for", 'resource == Intent::"billing/refund"'],
    ["the priority", 'context.priority == "medium"'],
    ["that a thing is not there", "!(context has environment || context has run_id)"],
    ["that nothing is spent", "!(context has spend || context has today || context has payload)"],
    ["that nothing follows it", "!(context has shield)"],
    ["the time", "context.time.unix_ms == 1767259800000 && context.time.hour == 9"],
    ["the day", 'context.time.weekday == 4 && context.time.date == "2026-01-01"'],
  ])("reads %s", (_name, condition) => {
    expect(verdictOf(when(condition))).toBe("allow");
  });

  it.each([
    ["environment and run", 'context has environment && context.environment == "prod"'],
    ["run", 'context has run_id && context.run_id == "r1"'],
    [
      "money",
      'context has spend && context.spend.amount_minor == 5 && context.spend.currency == "EUR"',
    ],
    [
      "category",
      'context has spend && context.spend has category && context.spend.category == "software"',
    ],
    ["payee", 'context has spend && context.spend has payee && context.spend.payee == "shop"'],
    [
      "what was called today",
      "context has today && context.today.calls == 3 && context.today.cost_minor == 7",
    ],
    [
      "the shield's verdict",
      'context has shield && context.shield.mode == "locked" && context.shield.anomalous',
    ],
    [
      "how rare it is, rounded down",
      "context has shield && context.shield has one_in && context.shield.one_in == 180",
    ],
  ])("reads %s where there is any", (_name, condition) => {
    const fields: Partial<PolicyQuestion> = {
      environment: "prod",
      runId: "r1",
      spend: { amountMinor: 5, currency: "EUR", category: "software", payee: "shop" },
      today: { calls: 3, costMinor: 7 },
      shield: { mode: "locked", anomalous: true, oneIn: 180.9 },
    };
    expect(verdictOf(when(condition), fields)).toBe("allow");
  });

  it.each([
    ["a Sunday's last moment", Date.UTC(2026, 0, 4, 23, 59, 59, 999), 7, 23],
    ["a Monday's first", Date.UTC(2026, 0, 5), 1, 0],
    ["a day before the epoch", Date.UTC(1969, 11, 31, 5), 3, 5],
  ])("knows %s", (_name, at, weekday, hour) => {
    const condition = `context.time.weekday == ${weekday} && context.time.hour == ${hour}`;
    expect(verdictOf(when(condition), { at })).toBe("allow");
    expect(verdictOf(when(condition), { at: AT })).toBe("none");
  });
});

describe("a payload", () => {
  const PAYLOAD = {
    amount: 1_500,
    "a/b~c": { "": "odd" },
    items: [{ name: "first" }, { name: "second", urgent: true }],
    nothing: null,
    ratio: 0.5,
    huge: 2 ** 60,
    negative: -3,
    "": 7,
    'say "é😀"': "quoted",
  };

  it.each([
    ["a number", 'numbers.hasTag("/amount") && payload.numbers.getTag("/amount") == 1500'],
    ["a number as text", 'text.hasTag("/amount") && payload.text.getTag("/amount") == "1500"'],
    ["a negative number", 'numbers.hasTag("/negative") && payload.numbers.getTag("/negative") < 0'],
    ["odd keys", 'text.hasTag("/a~1b~0c/") && payload.text.getTag("/a~1b~0c/") == "odd"'],
    ["the empty key", 'numbers.hasTag("/") && payload.numbers.getTag("/") == 7'],
    ["quotes and wide characters", 'text.hasTag("/say \\"é😀\\"")'],
    [
      "an item of a list",
      'text.hasTag("/items/1/name") && payload.text.getTag("/items/1/name") == "second"',
    ],
    ["a flag", 'flags.hasTag("/items/1/urgent") && payload.flags.getTag("/items/1/urgent")'],
    [
      "a flag as text",
      'text.hasTag("/items/1/urgent") && payload.text.getTag("/items/1/urgent") == "true"',
    ],
    ["null, as text", 'text.hasTag("/nothing") && payload.text.getTag("/nothing") == "null"'],
    ["a fraction, as text", 'text.hasTag("/ratio") && payload.text.getTag("/ratio") == "0.5"'],
    [
      "a pattern",
      'text.hasTag("/items/0/name") && payload.text.getTag("/items/0/name") like "f*t"',
    ],
  ])("is read by %s", (_name, test) => {
    const condition = `context.payload.${test.replaceAll(" payload.", " context.payload.")}`;
    expect(ofPayload(condition, PAYLOAD)).toBe("allow");
  });

  it.each([
    ["a fraction as a number", 'numbers.hasTag("/ratio")'],
    ["a number no double holds", 'numbers.hasTag("/huge")'],
    ["text as a number", 'numbers.hasTag("/items/0/name")'],
    ["what is not there", 'text.hasTag("/amounts")'],
    ["an object", 'text.hasTag("/items/0")'],
    ["a list", 'text.hasTag("/items")'],
    ["an item by another spelling", 'text.hasTag("/items/01/name")'],
    ["the length of a list", 'text.hasTag("/items/length")'],
    ["what objects inherit", 'text.hasTag("/constructor/name")'],
    ["a prototype", 'text.hasTag("/__proto__/polluted")'],
    ["a pointer without a slash", 'text.hasTag("amount")'],
  ])("has no tag for %s", (_name, test) => {
    expect(ofPayload(`context.payload.${test}`, PAYLOAD)).toBe("none");
  });

  it("that is one value is the whole document", () => {
    expect(ofPayload('context.payload.flags.hasTag("")', true)).toBe("allow");
    expect(ofPayload('context.payload.numbers.hasTag("")', 5)).toBe("allow");
  });

  it("that is encrypted is not there, and all else is judged", () => {
    expect(verdictOf(when("context has payload"))).toBe("none");
    expect(verdictOf(when('context.service == "billing"'))).toBe("allow");
  });

  const named = 'context.payload.text.hasTag("/last")';
  const unnamed = "context.payload.text.hasTag(context.action)";
  const large = (members: number) => ({
    ...Object.fromEntries(Array.from({ length: members }, (_, index) => [`m${index}`, index])),
    last: "here",
  });

  it("however large is read by the pointers that a policy names", () => {
    expect(ofPayload(named, large(50_000))).toBe("allow");
  });

  it("is read by what a question names", () => {
    expect(ofPayload(unnamed, large(10))).toBe("none");
    const fields = { action: "/last", payload: large(10) };
    expect(verdictOf(when(`context has payload && ${unnamed}`), fields)).toBe("allow");
  });

  it("too large to be read by what a question names makes the policy fail", () => {
    const fields = { action: "/last", payload: large(MAX_PARTS) };
    const reads = when(`context has payload && ${unnamed}`);
    expect(verdictOf(reads, fields)).toBe("failed");
    expect(verdictOf(reads + ALLOW, fields)).toBe("failed");
    expect(verdictOf(reads.replace("permit", "forbid"), fields)).toBe("failed");
    expect(verdictOf(reads + DENY, fields)).toBe("deny");
  });

  it.each([
    ["lists inside lists", () => JSON.parse(`${"[".repeat(3_000)}${"]".repeat(3_000)}`)],
    ["many empty lists", () => Array(100_000).fill([])],
  ])("of %s is too large as well, and harms nobody", (_name, make) => {
    expect(verdictOf(when(`context has payload && ${unnamed}`), { payload: make() })).toBe(
      "failed",
    );
    expect(verdictOf(when(`context has payload && ${named}`), { payload: make() })).toBe("none");
  });
});
