import type { WireRequest } from "@holdpoint/protocol";
import { describe, expect, it } from "vitest";
import { noticesOf } from "./notices.js";
import { gather, watchArrivals } from "./watch.js";

function ask(id: string, more: Partial<WireRequest> = {}): WireRequest {
  return {
    ...{ service: "deploy", action: "apply", status: "PENDING", priority: "medium", id },
    agent: { id: "agt_1", name: "deploy-agent" },
    skeleton_hash: "sha256:a",
    created_at: "2027-01-18T10:30:00.000Z",
    payload: { secret: "canary" },
    ...more,
  } as WireRequest;
}
const flood = (count: number, more: Partial<WireRequest> = {}) =>
  Array.from({ length: count }, (_, index) => ask(`${more.action ?? "f"}${index}`, more));

/** What is shown when all of these have just come. */
function show(requests: readonly WireRequest[], isAll = true) {
  const begun = watchArrivals(undefined, [], true);
  const gatherings = gather(requests);
  return noticesOf(watchArrivals(begun, gatherings, true), gatherings, isAll);
}
const shield = { anomalous: true } as NonNullable<WireRequest["shield"]>;

describe("[P-SHIELD-NOTIFIES] a notification", () => {
  it("names one request, and leads to it", () => {
    expect(show([ask("r", { priority: "critical", shield })])).toEqual([
      {
        tag: "r",
        title: "deploy · apply",
        body: expect.stringMatching(
          /^critical priority, unusual · deploy-agent · waits since .+30/,
        ),
        isCritical: true,
        keys: [expect.any(String)],
        leadsTo: { kind: "request", requestId: "r" },
      },
    ]);
  });

  it("counts a group, says its highest risk and how long it waits, and leads to it", () => {
    const oldest = { created_at: "2027-01-18T10:07:00.000Z", priority: "low" } as const;
    const [notice, ...more] = show([
      ...flood(10),
      ask("odd", { shield }),
      ask("high", { priority: "high" }),
      ask("old", oldest),
    ]);
    expect(more).toEqual([]);
    expect(notice).toMatchObject({ title: "13 × deploy · apply", isCritical: false, tag: "old" });
    expect(notice?.body).toMatch(
      /^up to high priority, 1 unusual · deploy-agent · the oldest waits since .+07/,
    );
    expect(notice?.leadsTo).toEqual({ kind: "group", key: notice?.keys[0] });
  });

  it("says that there may be more than it has counted", () => {
    expect(show(flood(100), false)[0]?.title).toBe("100+ × deploy · apply");
    expect(show(flood(1), false)[0]?.title).toBe("1+ × deploy · apply");
  });

  it("holds nothing of a payload, and no character that is not seen", () => {
    const agent = { id: "agt_1", name: `x${"y".repeat(99)}` };
    const [notice] = show([ask("r", { service: "a\u202eb", action: "z".repeat(200), agent })]);
    expect(JSON.stringify({ ...notice, keys: [] })).not.toMatch(/canary|secret|sha256|\u202e/);
    expect(notice?.title).toBe(`a[U+202E]b · ${"z".repeat(59)}…`);
    expect(notice?.body).toContain(`x${"y".repeat(58)}… ·`);
  });

  it("is one of eight at most, however many names an agent makes up", () => {
    const many = Array.from({ length: 8 }, (_, index) => flood(2, { action: `made-up-${index}` }));
    expect(show(many.flat()).map(({ title }) => title)).toHaveLength(8);
    const urgent = flood(3, { action: "drop", priority: "critical" });
    const notices = show([...many.flat(), ...flood(2, { priority: "low" }), ...urgent]);
    expect(notices).toHaveLength(8);
    expect(notices[0]).toMatchObject({ title: "3 × deploy · drop", isCritical: true });
    expect(notices[7]).toMatchObject({
      ...{ title: "6 more requests in 3 groups", body: "up to medium priority" },
      ...{ isCritical: false, leadsTo: { kind: "inbox" } },
    });
    expect(new Set(notices.flatMap(({ keys }) => keys)).size).toBe(10);
  });
});
