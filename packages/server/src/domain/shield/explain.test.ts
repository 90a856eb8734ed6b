import { describe, expect, it } from "vitest";
import { type Explained, explain } from "./explain.js";
import type { ShieldFacts, ShieldScore } from "./score.js";
import { TestLog } from "./testing.js";

function sentenceOf(
  facts: Partial<ShieldFacts>,
  {
    score,
    departs = false,
    ...fields
  }: Partial<Omit<Explained, "score">> & {
    readonly score?: Partial<ShieldScore>;
    readonly departs?: boolean;
  } = {},
): string {
  return explain(
    {
      service: "deploy",
      intent: { action: "apply_terraform" },
      context: { previous: "read_logs" },
      ...fields,
      score: {
        pathBits: 9,
        structureBits: 0,
        surpriseBits: 9,
        calibratedRuns: 200,
        ...score,
        facts: {
          stepsBack: 1,
          fromHere: 1_412,
          sameWay: 0,
          usual: { action: "summarise", count: 1_300 },
          approvals: 0,
          actionCount: 12,
          steps: 8_412,
          runs: 300,
          ...facts,
        },
      },
    },
    { departs },
  );
}

describe("[P-SHIELD-EXPLAINS] the sentence of a verdict", () => {
  it.each<[string, string]>([
    [
      sentenceOf({}),
      "After read_logs, deploy has gone to apply_terraform 0 of 1,412 times; usual: summarise 92 %.",
    ],
    [
      sentenceOf({}, { departs: true, score: { oneIn: 180.5 } }),
      "After read_logs, deploy has gone to apply_terraform 0 of 1,412 times; usual: summarise 92 %. As surprising as 1 run in 180.",
    ],
    [
      sentenceOf({ sameWay: 1_300, usual: { action: "apply_terraform", count: 1_300 } }),
      "After read_logs, deploy has gone to apply_terraform 1,300 of 1,412 times.",
    ],
    [
      sentenceOf({ sameWay: 1, approvals: 1 }),
      "After read_logs, deploy has gone to apply_terraform 1 of 1,412 times; usual: summarise 92 %; 1 person calls it usual.",
    ],
    [
      sentenceOf({ usual: { action: null, count: 1_411 } }),
      "After read_logs, deploy has gone to apply_terraform 0 of 1,412 times; usual: the end of the run more than 99 %.",
    ],
    [
      sentenceOf(
        { stepsBack: 2, fromHere: 20, usual: { action: "summarise", count: 20 } },
        { context: { previous: "read_logs", beforePrevious: "fetch" } },
      ),
      "After fetch and read_logs, deploy has gone to apply_terraform 0 of 20 times; usual: summarise 100 %.",
    ],
    [
      sentenceOf({ stepsBack: 2, fromHere: 20, usual: { action: "summarise", count: 20 } }),
      "After beginning with read_logs, deploy has gone to apply_terraform 0 of 20 times; usual: summarise 100 %.",
    ],
    [
      sentenceOf({ stepsBack: 0, fromHere: 214 }, { context: {} }),
      "A run of deploy has never begun with apply_terraform (0 of 214).",
    ],
    [
      sentenceOf(
        { stepsBack: 0, fromHere: 214, sameWay: 3, usual: { action: "read_logs", count: 200 } },
        { context: {} },
      ),
      "3 of 214 runs of deploy have begun with apply_terraform; usual: read_logs 93 %.",
    ],
    [
      sentenceOf({ actionCount: 0 }),
      "apply_terraform has never been seen in 8,412 steps of deploy.",
    ],
    [
      sentenceOf({ fromHere: 0 }),
      "Nothing is known of what deploy does after read_logs; apply_terraform was 12 of its 8,412 steps.",
    ],
    [sentenceOf({ steps: 0, actionCount: 0 }), "Nothing is known of deploy yet."],
    [
      sentenceOf(
        { actionCount: 312, shapeCount: 0 },
        { intent: { action: "send_email" }, score: { structureBits: 9.5 } },
      ),
      "send_email has never had arguments of this shape in 312 calls.",
    ],
    [
      sentenceOf(
        { actionCount: 312, shapeCount: 2 },
        { intent: { action: "send_email" }, score: { structureBits: 9.5 } },
      ),
      "send_email has had arguments of this shape in 2 of 312 calls.",
    ],
  ])("[P-SHIELD-EXPLAINS] %s", (sentence, expected) => {
    expect(sentence).toBe(expected);
  });

  it("[P-SHIELD-EXPLAINS] stays short, whatever names an agent makes up", () => {
    const long = "💥".repeat(200);
    const sentence = sentenceOf(
      { stepsBack: 2, usual: { action: long, count: 1_300 } },
      {
        service: long,
        intent: { action: long },
        context: { previous: long, beforePrevious: long },
      },
    );
    expect([...sentence].length).toBeLessThan(500);
    expect(sentence).toContain("💥… ");
    // No character was cut in two.
    expect(Buffer.from(sentence).toString()).toBe(sentence);
  });

  it("[P-SHIELD-EXPLAINS] has the numbers of the log", () => {
    const log = new TestLog();
    for (let run = 0; run < 50; run += 1) log.run(`agt_1/${run}`, ["read_logs", "summarise"]);
    log.step("read_logs", { runKey: "agt_1/x" });
    const context = { previous: "read_logs" };
    const intent = { runKey: "agt_1/x", action: "read_logs", priority: "medium" as const };
    const score = log.profile.score({ ...intent, receivedAt: log.nowMs, endsRun: false }, context);
    expect(explain({ service: "deploy", intent, context, score }, { departs: false })).toBe(
      "After read_logs, deploy has gone to read_logs 0 of 50 times; usual: summarise 100 %.",
    );
  });
});
