import { describe, expect, it } from "vitest";
import { findHabits } from "./habits.js";

type Decided = Parameters<typeof findHabits>[0] extends Iterable<infer Item> ? Item : never;

const PERSON = { type: "operator", id: "usr_1", name: "Ada" } as const;
const AGENT = { id: "agt_1", name: "db-agent" };
const VERDICT = {
  profile_id: "shp_1",
  mode: "shadow",
  anomalous: false,
  signals: [],
  effect: "none",
  surprise_bits: 1,
  path_bits: 1,
  structure_bits: 0,
  explanation: "As usual.",
} as const;

function decided(fields: Partial<Decided> = {}, at = 0): Decided {
  return {
    id: `req_${at}`,
    agent: AGENT,
    service: "billing",
    action: "refund",
    priority: "medium",
    status: "APPROVED",
    decidedBy: PERSON,
    createdAt: at,
    ...fields,
  };
}

/** Newest first. */
const times = (count: number, fields: Partial<Decided> = {}): Decided[] =>
  Array.from({ length: count }, (_, index) => decided(fields, count - index));

describe("[P-SHIELD-SUGGESTS] a habit", () => {
  it("is what people have approved twenty times", () => {
    const [habit, ...others] = findHabits([...times(15), ...times(5, { priority: "low" })]);
    expect(others).toEqual([]);
    expect(habit).toEqual({
      agent: AGENT,
      service: "billing",
      action: "refund",
      environment: undefined,
      priorities: ["low", "medium"],
      approved: 20,
      firstAt: 1,
      lastAt: 15,
      latestId: "req_15",
    });
    expect(findHabits(times(19))).toEqual([]);
  });

  it("comes first where it was approved more often", () => {
    const found = findHabits([...times(20), ...times(25, { action: "read" })]);
    expect(found.map(({ action, approved }) => [action, approved])).toEqual([
      ["read", 25],
      ["refund", 20],
    ]);
  });

  it.each<[string, Partial<Decided>]>([
    ["a rejection", { status: "REJECTED" }],
    ["an edit", { status: "APPROVED_WITH_MODIFICATIONS" }],
    ["an anomaly's rejection", { status: "REJECTED", shield: { ...VERDICT, anomalous: true } }],
    ["a need for several people", { quorum: 2 }],
  ])("is none with %s, before or after", (_name, fields) => {
    expect(findHabits([decided(fields), ...times(30)])).toEqual([]);
    expect(findHabits([...times(30), decided(fields)])).toEqual([]);
  });

  it.each<[string, Partial<Decided>]>([
    ["a policy approved", { decidedBy: { type: "policy", id: "policy" } }],
    ["took too long", { status: "REJECTED", decidedBy: { type: "system", id: "expiry" } }],
    ["was an anomaly", { shield: { ...VERDICT, anomalous: true } }],
  ])("counts nothing that %s", (_name, fields) => {
    expect(findHabits(times(30, fields))).toEqual([]);
    expect(findHabits([...times(5, fields), ...times(20)])).toMatchObject([{ approved: 20 }]);
  });

  it.each<[string, Partial<Decided>]>([
    ["agents", { agent: { id: "agt_2", name: "db-agent" } }],
    ["services", { service: "mail" }],
    ["actions", { action: "read" }],
    ["environments", { environment: "staging" }],
  ])("is told apart from that of other %s", (_name, fields) => {
    expect(findHabits([...times(10), ...times(10, fields)])).toEqual([]);
    const rejected = decided({ ...fields, status: "REJECTED" });
    expect(findHabits([rejected, ...times(20)])).toHaveLength(1);
  });

  it("is no purchase, and nothing that the gate runs", () => {
    expect(findHabits(times(30, { service: "spend" }))).toEqual([]);
    expect(findHabits(times(30, { service: "gate" }))).toEqual([]);
  });
});
