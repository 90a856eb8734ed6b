import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkPolicy } from "./check.js";
import { evaluatePolicy } from "./evaluate.js";
import type { PolicyQuestion } from "./question.js";
import { suggestStatement, withStatement } from "./suggest.js";

const AGENT = { id: "agt_01h455vb4pex5vsknk084sn02q", name: "db-agent" };

const scopeOf = (fields: Partial<Parameters<typeof suggestStatement>[0]> = {}) => ({
  agent: AGENT,
  service: "db-agent",
  action: "run_sql",
  environment: undefined,
  priorities: ["medium"] as const,
  ...fields,
});

const questionOf = (fields: Partial<PolicyQuestion> = {}): PolicyQuestion => ({
  projectId: "prj_01h455vb4pex5vsknk084sn02q",
  agent: AGENT,
  entry: "ask",
  service: "db-agent",
  action: "run_sql",
  priority: "medium",
  scopes: [],
  at: 0,
  ...fields,
});

const verdictOf = (text: string, fields: Partial<PolicyQuestion> = {}) =>
  evaluatePolicy(text, questionOf(fields)).verdict;

/** What is written so as to be more than a name. */
const HOSTILE = [
  '"',
  "\\",
  '\\"',
  'x"); permit (principal, action, resource); //',
  'x" || true || "',
  "*",
  "\\*",
  "\\u{41}",
  "// x",
  "/* x",
  "@id(x)",
  "a/b",
  "..",
  "ünïcode 漢字 👩‍💻",
  "__proto__",
];

describe("[P-SHIELD-SUGGESTS] a suggested statement", () => {
  const statement = suggestStatement(scopeOf());

  it("is a policy that stands on its own, without a warning", () => {
    expect(checkPolicy(statement)).toMatchObject({
      valid: true,
      problems: [],
      statements: [{ effect: "permit", id: expect.stringMatching(/^usual-[0-9a-f]{12}$/) }],
    });
  });

  it.each<[string, Partial<PolicyQuestion>, string]>([
    ["what it is about", {}, "allow"],
    [
      "another agent",
      { agent: { id: "agt_01h455vb4pex5vsknk084sn02r", name: "db-agent" } },
      "none",
    ],
    ["another service", { service: "other" }, "none"],
    ["another action", { action: "drop_table" }, "none"],
    ["another priority", { priority: "critical" }, "none"],
    ["an environment", { environment: "production" }, "none"],
    ["an action of the gate", { entry: "execute" }, "none"],
    ["an anomaly", { shield: { mode: "shadow", anomalous: true } }, "none"],
    ["what the shield knows", { shield: { mode: "locked", anomalous: false } }, "allow"],
  ])("says of %s: %3$s", (_name, fields, verdict) => {
    expect(verdictOf(statement, fields)).toBe(verdict);
  });

  it("holds for its environment only", () => {
    const staging = suggestStatement(scopeOf({ environment: "staging" }));
    expect(verdictOf(staging, { environment: "staging" })).toBe("allow");
    expect(verdictOf(staging, { environment: "production" })).toBe("none");
    expect(verdictOf(staging)).toBe("none");
  });

  it("tells apart what is the same when put together", () => {
    const nested = suggestStatement(scopeOf({ service: "a/b", action: "c" }));
    expect(verdictOf(nested, { service: "a/b", action: "c" })).toBe("allow");
    expect(verdictOf(nested, { service: "a", action: "b/c" })).toBe("none");
  });

  it.each(HOSTILE)("takes %s for a name and nothing else", (name) => {
    for (const fields of [{ service: name }, { action: name }, { environment: name }]) {
      const text = suggestStatement(scopeOf(fields));
      // Cedar warns of scripts that are mixed: that is for whoever reads it.
      expect(checkPolicy(text).valid).toBe(true);
      expect(checkPolicy(text).statements).toHaveLength(1);
      expect(verdictOf(text, fields)).toBe("allow");
      expect(verdictOf(text, { service: "other" })).toBe("none");
      expect(verdictOf(text, { service: "other", ...fields, action: "other" })).toBe("none");
    }
  });

  it("takes any text for a name and nothing else", () => {
    const name = fc.string({ unit: "binary", minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(name, name, (service, action) => {
        // Half a surrogate pair gets in nowhere, and has no way through UTF-8.
        fc.pre([service, action].every((text) => !/\p{Cs}/u.test(text)));
        const text = suggestStatement(scopeOf({ service, action }));
        expect(checkPolicy(text).statements).toHaveLength(1);
        expect(verdictOf(text, { service, action })).toBe("allow");
        expect(verdictOf(text, { service: `${service}x`, action })).toBe("none");
      }),
      { numRuns: 50 },
    );
  });

  it("leaves what is there as it is, and stands behind it", () => {
    const text = '@id("no")\nforbid (principal, action, resource); // the end';
    const whole = withStatement(text, statement);
    expect(whole.startsWith(text)).toBe(true);
    expect(checkPolicy(whole)).toMatchObject({ valid: true, statements: [{ id: "no" }, {}] });
    expect(verdictOf(whole)).toBe("deny");
    expect(withStatement("  \n", statement)).toBe(statement);
  });
});
