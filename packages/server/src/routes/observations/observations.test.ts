import { LIMITS } from "@holdpoint/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, newObservations, type Reply, World } from "../testing/world.js";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.controlPlane.close());

const tell = (body: object) => world.call("POST", "/v1/observations", { as: "agent", body });
const list = (query: Record<string, string>, as: "viewer" | "foreignAdmin" = "viewer") =>
  world.call("GET", `/v1/observations?${new URLSearchParams(query)}`, { as });
const idsOf = (reply: Reply) => reply.body.data.map(({ id }: { id: string }) => id);
const idOf = (body: ReturnType<typeof newObservations>) => body.observations[0]?.id;

describe("[P-OBSERVE] an observation", () => {
  it("is shown to operators with who told it, and counted once", async () => {
    const body = newObservations({ run_id: "once", skeleton_hash: "a".repeat(64) });
    expect(await tell(body)).toMatchObject({ status: 204 });
    expect(await tell(body)).toMatchObject({ status: 204 });
    const reply = await list({ run_id: "once" });
    expect(reply.body.data).toEqual([
      {
        ...body.observations[0],
        agent: { id: expect.stringMatching(/^agt_/), name: "db-agent" },
        received_at: expect.any(String),
      },
    ]);
    expect(idsOf(await list({ run_id: "once" }, "foreignAdmin"))).toEqual([]);
  });

  it("is found by what it was, by agent and by run, newest first", async () => {
    const first = newObservations({ service: "mail", action: "read", run_id: "a" });
    const second = newObservations({ service: "mail", action: "list", run_id: "b" });
    await tell(first);
    world.clock.advance(1);
    await tell(second);
    const { body: agents } = await world.call("GET", "/v1/agents", { as: "viewer" });
    const agentId = (name: string) =>
      agents.data.find((agent: { name: string }) => agent.name === name).id;
    expect(idsOf(await list({ service: "mail" }))).toEqual([idOf(second), idOf(first)]);
    expect(idsOf(await list({ service: "mail", action: "read" }))).toEqual([idOf(first)]);
    expect(idsOf(await list({ run_id: "b" }))).toEqual([idOf(second)]);
    const query = { service: "mail", agent_id: agentId("db-agent") };
    expect(idsOf(await list(query))).toHaveLength(2);
    expect(idsOf(await list({ ...query, agent_id: agentId("mail-agent") }))).toEqual([]);
  });

  it.each([
    ["none", { observations: [] }, "/observations"],
    [
      "too many",
      {
        observations: Array.from(
          { length: LIMITS.observationsPerCall + 1 },
          () => newObservations().observations[0],
        ),
      },
      "/observations",
    ],
    ["another kind of id", newObservations({ id: "req_1" }), "/observations/0/id"],
    ["two lines", newObservations({ service: "a\nb" }), "/observations/0/service"],
    ["no hash", newObservations({ skeleton_hash: "x" }), "/observations/0/skeleton_hash"],
    ["a payload", newObservations({ payload: 1 }), "/observations/0/payload"],
    ["local time", newObservations({ observed_at: "2026-11-22" }), "/observations/0/observed_at"],
  ])("is refused with %s", async (_name, body, path) => {
    const reply = await tell(body);
    expect(codeOf(reply)).toBe("VALIDATION_FAILED");
    expect(reply.body.issues[0].path).toBe(path);
  });
});
