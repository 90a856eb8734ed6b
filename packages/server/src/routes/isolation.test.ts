import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operations } from "./index.js";
import { samples } from "./testing/samples.js";
import { codeOf, World } from "./testing/world.js";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.controlPlane.close());

const CANARY = "canary-of-home";

describe("what another project reads", () => {
  it.each(operations.filter(({ id, method }) => method === "get" && id !== "streamEvents"))(
    "holds nothing of ours: $path",
    async ({ id }) => {
      const request = await world.ask({ service: CANARY, payload: CANARY, metadata: { CANARY } });
      await world.controlPlane.admin.createApiKey(world.projectId, { agent: CANARY });
      const path = (await samples[id]?.(world))?.path ?? "";
      for (const as of ["foreignAdmin", "foreignAgent"] as const) {
        const { body } = await world.call("GET", path, { as });
        const text = JSON.stringify(body);
        expect(text).not.toContain(CANARY);
        expect(text).not.toContain(request.id);
        expect(text).not.toContain(world.projectId);
      }
    },
  );

  it("an agent's filter does not widen what it sees", async () => {
    const request = await world.ask();
    const path = `/v1/requests?agent_id=${request.agent.id}&include=payload`;
    const { body } = await world.call("GET", path, { as: "otherAgent" });
    expect(body.data).toEqual([]);
  });
});

describe("an operator of several projects", () => {
  it("names the one to act in, and only its own", async () => {
    const cookie = await world.signIn();
    await world.call("POST", "/v1/projects", { as: "admin", body: { name: "Second" } });
    const inProject = (project?: string) =>
      world.call("GET", "/v1/agents", {
        headers: { cookie, ...(project !== undefined && { "holdpoint-project": project }) },
      });
    expect(codeOf(await inProject())).toBe("PROJECT_REQUIRED");
    expect((await inProject(world.projectId)).status).toBe(200);
    expect(codeOf(await inProject(world.foreignProjectId))).toBe("RESOURCE_NOT_FOUND");
    expect(codeOf(await inProject("nonsense"))).toBe("RESOURCE_NOT_FOUND");
  });

  it("reaches by token only the project it was made in", async () => {
    const { body } = await world.call("GET", "/v1/me", { as: "admin" });
    expect(body.projects.map(({ id }: { id: string }) => id)).toEqual([world.projectId]);
  });
});

describe("a sign-in link", () => {
  it("is no way into the other projects of whom one invites", async () => {
    const body = { email: "mallory@example.com", roles: ["viewer"] };
    const reply = await world.call("POST", "/v1/operators", { as: "admin", body });
    expect(codeOf(reply)).toBe("PERMISSION_DENIED");
    const operators = await world.call("GET", "/v1/operators", { as: "admin" });
    expect(JSON.stringify(operators.body)).not.toContain("mallory");
  });
});
