import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { type Credentials, codeOf, World } from "../testing/world.js";

let world: World;
beforeEach(async () => {
  await world?.controlPlane.close();
  world = await World.create();
});
afterAll(() => world.controlPlane.close());

const VALUE = "canary-5d1f0c";
const set = (name: string, value: unknown = VALUE, as: keyof Credentials = "admin") =>
  world.call("PUT", `/v1/secrets/${name}`, { as, body: { value } });
const list = async (as: keyof Credentials = "admin") =>
  (await world.call("GET", "/v1/secrets", { as })).body.data;
const remove = (name: string, as: keyof Credentials = "admin") =>
  world.call("DELETE", `/v1/secrets/${name}`, { as });

describe("a secret", () => {
  it("is listed by its name, and answered and logged by nobody", async () => {
    const { body } = await set("API_TOKEN");
    expect(body).toMatchObject({ name: "API_TOKEN", updated_by: { name: "Ada" } });
    expect(await list()).toEqual([body]);
    expect(JSON.stringify([body, await list(), world.logLines])).not.toContain(VALUE);
  });

  it("is replaced, and deleted once", async () => {
    const first = await set("API_TOKEN");
    world.clock.advance(1_000);
    const second = await set("API_TOKEN", "another");
    expect(second.body.updated_at).not.toBe(first.body.updated_at);
    expect(await list()).toEqual([second.body]);
    expect((await remove("API_TOKEN")).status).toBe(204);
    expect(codeOf(await remove("API_TOKEN"))).toBe("RESOURCE_NOT_FOUND");
    expect(await list()).toEqual([]);
  });

  it("belongs to its project", async () => {
    await set("API_TOKEN");
    expect(await list("foreignAdmin")).toEqual([]);
    expect(codeOf(await remove("API_TOKEN", "foreignAdmin"))).toBe("RESOURCE_NOT_FOUND");
    expect(await list()).toHaveLength(1);
  });

  it.each([
    ["a line break", "canary-5d1f0c\nX-Other: 1"],
    ["nothing", ""],
    ["a number", 7],
    ["letters a header has not", "canary-5d1f0c ŝ"],
  ])("of %s is refused without being repeated", async (_name, value) => {
    const reply = await set("API_TOKEN", value);
    expect(codeOf(reply)).toBe("VALIDATION_FAILED");
    expect(JSON.stringify([reply.body, world.logLines])).not.toContain(VALUE);
  });

  it.each(["lower", "A-B", "1A", "A".repeat(65)])("is not called %s", async (name) => {
    expect(codeOf(await set(name))).toBe("VALIDATION_FAILED");
  });
});
