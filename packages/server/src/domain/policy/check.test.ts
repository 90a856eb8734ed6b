import { LIMITS } from "@holdpoint/protocol";
import { POLICY_TEMPLATES } from "@holdpoint/protocol/policy";
import { describe, expect, it } from "vitest";
import { checkPolicy } from "./check.js";
import { evaluatePolicy } from "./evaluate.js";
import { questionOf } from "./testing.js";

const permitWhen = (condition: string) =>
  `permit (principal, action, resource) when { ${condition} };`;
const problemsOf = (text: string) => checkPolicy(text).problems;

describe("checking a policy", () => {
  it.each(POLICY_TEMPLATES)("finds nothing against the template $id", ({ text }) => {
    const { valid, problems, statements } = checkPolicy(text);
    expect([valid, problems]).toEqual([true, []]);
    expect(statements.every(({ id }) => !id.startsWith("policy"))).toBe(true);
  });

  it("tells the statements in their order, by their names", () => {
    const many = Array.from({ length: 12 }, (_, index) =>
      index === 10
        ? '@id("ten") @hold("finance") @reason("Ten.") permit (principal, action, resource);'
        : `forbid (principal, action, resource == Intent::"a/${index}");`,
    );
    const { statements } = checkPolicy(many.join("\n"));
    expect(statements.map(({ id }) => id)).toEqual(
      many.map((_, index) => (index === 10 ? "ten" : `policy${index}`)),
    );
    expect(statements[10]).toEqual({
      id: "ten",
      effect: "permit",
      hold: "finance",
      reason: "Ten.",
    });
  });

  it("has nothing against a text without statements", () => {
    for (const text of ["", "  \n", "// nothing yet"]) {
      expect(checkPolicy(text)).toEqual({ valid: true, problems: [], statements: [] });
    }
  });

  it("says where a text is no Cedar, however wide its characters are", () => {
    const text = '// ü€😀\n@id("ü😀") permit (principal, action resource);';
    expect(checkPolicy(text)).toMatchObject({
      valid: false,
      statements: [],
      problems: [{ severity: "error", line: 2, column: 38 }],
    });
    expect(problemsOf(text)[0]?.message).toMatch(/^unexpected token `resource`: expected/);
  });

  it.each([
    ["an attribute", permitWhen('context.servce == "x"'), "`service`"],
    ["an entity type", "permit (principal is Agnt, action, resource);", "`Agent`"],
    ["an action", 'permit (principal, action == Action::"exec", resource);', "Action::"],
  ])("[P-POLICY-CHECKED] catches a typo in %s, and says what was meant", (_name, text, meant) => {
    const [problem, ...others] = problemsOf(`@id("the-one")\n${text}`);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ severity: "error", line: 2, policy_id: "the-one" });
    expect(problem?.help).toContain(meant);
  });

  it.each([
    ["what may be absent", "context.spend.amount_minor > 5", "context has spend"],
    ["a leaf that may be absent", READS("getTag"), 'hasTag(\\"/a\\")'],
    ["text as a number", "context.service > 5", ""],
    ["a text as a flag", `${READS("hasTag")} && context.payload.text.getTag("/a")`, ""],
  ])(
    "[P-POLICY-CHECKED] catches a statement that takes %s for granted",
    (_name, condition, help) => {
      const check = checkPolicy(permitWhen(condition));
      expect(check.valid).toBe(false);
      expect(check.problems[0]?.help ?? "").toContain(help.replaceAll("\\", ""));
    },
  );

  it("warns of a statement that holds for nobody, which is no error", () => {
    const text = `// first\n${permitWhen('context.priority == "low" && false')}`;
    expect(checkPolicy(text)).toMatchObject({
      valid: true,
      problems: [{ severity: "warning", line: 2, column: 1, policy_id: "policy0" }],
    });
  });

  it("tells as many problems as one reads, errors first", () => {
    const warned = `@hodl("x") ${permitWhen("true")}\n`;
    const text = warned.repeat(3) + `${permitWhen("context.x")}\n`.repeat(200);
    const { valid, problems } = checkPolicy(text);
    expect([valid, problems.length]).toEqual([false, 100]);
    expect(problems.every(({ severity }) => severity === "error")).toBe(true);
  });

  it("warns of annotations that mean nothing", () => {
    const text = '@hodl("finance")\npermit (principal, action, resource);';
    expect(checkPolicy(text)).toMatchObject({
      valid: true,
      problems: [{ severity: "warning", message: "@hodl means nothing here", line: 1, column: 1 }],
    });
  });

  it.each([
    ["@hold on a forbid", '@hold("finance") forbid (principal, action, resource);'],
    ["@hold for what is no role", '@hold("The Boss") permit (principal, action, resource);'],
    ["@hold for nobody", "@hold permit (principal, action, resource);"],
    ["an empty @id", '@id("") permit (principal, action, resource);'],
    ["an @id of two lines", '@id("a\\nb") permit (principal, action, resource);'],
    ["an empty @reason", "@reason permit (principal, action, resource);"],
    ["a template", "permit (principal == ?principal, action, resource);"],
    [
      "two statements of one name",
      '@id("a") permit (principal, action, resource);@id("a") forbid (principal, action, resource);',
    ],
    [
      "the name another has by its place",
      '@id("policy1") permit (principal, action, resource);forbid (principal, action, resource);',
    ],
    [
      "a long @reason",
      `@reason("${"x".repeat(LIMITS.reasonLength + 1)}") permit (principal, action, resource);`,
    ],
  ])("refuses %s", (_name, text) => {
    const { valid, problems } = checkPolicy(text);
    expect([valid, problems.length]).toEqual([false, 1]);
  });
});

const NESTINGS: readonly (readonly [name: string, nest: (levels: number) => string])[] = [
  ["parentheses", (n) => `${"(".repeat(n)}true${")".repeat(n)}`],
  ["sets", (n) => `${"[".repeat(n)}1${"]".repeat(n)}.isEmpty()`],
  ["records", (n) => `${"{a:".repeat(n)}1${"}".repeat(n)}.a == 1`],
  ["alternatives", (n) => Array(n).fill('context.service == "a"').join(" || ")],
  ["sums", (n) => `${Array(n).fill("1").join(" + ")} > 0`],
  ["conditions", (n) => `${'if context.service == "a" then false else '.repeat(n)}true`],
  ["attributes", (n) => `context${".service".repeat(n)} == 1`],
];

describe("a text that is nested deeply", () => {
  it.each(NESTINGS)("of %s is refused, and nobody suffers from it", (_name, nest) => {
    for (const levels of [200, 2_000, 15_000]) {
      const text = permitWhen(nest(levels)).slice(0, LIMITS.policyBytes);
      expect(checkPolicy(text).valid).toBe(false);
      const next = evaluatePolicy("permit (principal, action, resource);", questionOf());
      expect(next.verdict).toBe("allow");
    }
  });

  it.each(NESTINGS)("of %s is asked without harm, as deeply as is allowed", (_name, nest) => {
    for (let levels = 60; levels > 10; levels -= 7) {
      const text = permitWhen(nest(levels));
      if (!checkPolicy(text).valid) continue;
      expect(evaluatePolicy(text, questionOf())).not.toHaveProperty("failed");
    }
  });
});

function READS(method: "getTag" | "hasTag"): string {
  const test = `context has payload && context.payload.text.${method}("/a")`;
  return method === "getTag" ? `${test} == "x"` : test;
}
