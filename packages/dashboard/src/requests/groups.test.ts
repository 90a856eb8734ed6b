import type { WireRequest } from "@holdpoint/protocol";
import { describe, expect, it } from "vitest";
import { gatherGroups, inOrderOfRisk, shapeOf } from "./groups.js";

function ask(id: string, more: Partial<WireRequest> = {}): WireRequest {
  const agent = { id: "agt_1", name: "mailer" };
  const base = { service: "crm", action: "send", status: "PENDING", priority: "medium" };
  return { ...base, agent, skeleton_hash: "sha256:a", id, ...more } as WireRequest;
}

const flood = (count: number, more: Partial<WireRequest> = {}) =>
  Array.from({ length: count }, (_, index) => ask(`f${index}`, more));
const none: ReadonlySet<string> = new Set();
/** `one` by its id, a group as `key: ids`. */
const read = (lines: ReturnType<typeof gatherGroups>) =>
  lines.map((line) =>
    line.kind === "one" ? line.request.id : line.requests.map(({ id }) => id).join("+"),
  );

describe("[P-SHIELD-GROUPS] a flood in the inbox", () => {
  it("is one line from five on, where its first request stands", () => {
    const rows = [ask("a", { action: "x" }), ...flood(5), ask("b", { action: "y" })];
    expect(read(gatherGroups(rows, none, true))).toEqual(["a", "f0+f1+f2+f3+f4", "b"]);
    expect(read(gatherGroups(flood(4), none, true))).toEqual(["f0", "f1", "f2", "f3"]);
  });

  it.each([
    ["agent", { agent: { id: "agt_2", name: "mailer" } }],
    ["service", { service: "erp" }],
    ["action", { action: "delete" }],
    ["shape of arguments", { skeleton_hash: "sha256:b" }],
  ] as const)("is of one %s", (_name, more) => {
    const lines = gatherGroups([...flood(5), ask("other", more)], none, true);
    expect(read(lines)).toEqual(["f0+f1+f2+f3+f4", "other"]);
  });

  it("holds what waits alone, and nothing whose shape nobody knows", () => {
    const { skeleton_hash: _, ...unknown } = ask("u");
    expect(shapeOf(unknown as WireRequest)).toBeUndefined();
    expect(shapeOf(ask("d", { status: "APPROVED" }))).toBeUndefined();
    const decided = flood(5).map((request, index) =>
      index === 0 ? ask("f0", { status: "REJECTED" }) : request,
    );
    expect(gatherGroups(decided, none, true).every(({ kind }) => kind === "one")).toBe(true);
  });

  it("does not come to be under a pointer, and does not fall apart while it is decided", () => {
    const rows = flood(6);
    expect(gatherGroups(rows, none, false)).toHaveLength(6);
    const formed = new Set(
      gatherGroups(rows, none, true).flatMap((line) => ("key" in line ? line.key : [])),
    );
    expect(gatherGroups(rows.slice(4), formed, false)).toHaveLength(1);
    expect(gatherGroups(rows.slice(5), formed, false)).toMatchObject([{ kind: "one" }]);
  });

  it("puts the critical first, then the unusual, then what is as it came", () => {
    const shield = { anomalous: true } as NonNullable<WireRequest["shield"]>;
    const rows = [
      ask("high", { priority: "high" }),
      ask("old"),
      ask("odd", { shield }),
      ask("worst", { priority: "critical", shield }),
      ask("bad", { priority: "critical" }),
      ask("new"),
    ];
    expect(inOrderOfRisk(rows).map(({ id }) => id)).toEqual([
      "worst",
      "bad",
      "odd",
      "high",
      "old",
      "new",
    ]);
    expect(rows[0]?.id).toBe("high");
  });
});
