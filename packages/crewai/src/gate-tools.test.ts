import { ConfigurationError, type Holdpoint } from "@holdpoint/sdk";
import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { gateTools } from "./gate-tools.js";
import { RUN_METHODS } from "./tool.js";

let plane: TestControlPlane;
let holdpoint: Holdpoint;
beforeEach(async () => {
  plane = await createTestControlPlane();
  holdpoint = plane.client();
});
afterEach(() => plane.close());

/** A tool of a class, with a private member, as crews' tools often are. */
class Search {
  readonly name = "search";
  readonly description = "Searches.";
  readonly #found = 3;
  async run({ query }: { query: string }): Promise<{ query: string; found: number }> {
    return { query, found: this.#found };
  }
}

test("keeps class and type, leaves the tool itself as it is, and gives results as they are", async () => {
  const search = new Search();
  const [gated] = gateTools(
    [search],
    Object.freeze({ service: "crew", holdpoint, policy: "allow" }),
  );
  expect(gated).toBeInstanceOf(Search);
  expect(gated.name).toBe("search");
  const { found } = await gated.run({ query: "x" });
  expect(found).toBe(3);
  expect(await search.run({ query: "x" })).toEqual({ query: "x", found: 3 });
});

test.each(RUN_METHODS)("[G4] there is no way around the gate by %s", async (method) => {
  const run = vi.fn();
  const tool = { name: "wipe", description: "Wipes.", [method]: run };
  const [gated] = gateTools([tool], { service: "crew", holdpoint, policy: "deny" });
  expect(await (gated as unknown as Record<string, () => unknown>)[method]?.()).toMatch(/^STOP/);
  expect(run).not.toHaveBeenCalled();
});

test("without ids every call is one of its own; with a name for it, the same call is one", async () => {
  const options = { service: "crew", holdpoint, runId: "r1", wait: false };
  const [own] = gateTools([new Search()], options);
  await Promise.all([own.run({ query: "x" }), own.run({ query: "x" })]);
  expect(await plane.pending()).toHaveLength(2);
  const toolCallId = ({ args }: { args: unknown }) => JSON.stringify(args);
  const [named] = gateTools([new Search()], { ...options, toolCallId });
  await Promise.all([named.run({ query: "y" }), named.run({ query: "y" })]);
  expect(await plane.pending()).toHaveLength(3);
});

test("a failure is told to the program by onError, and to the model by a safe text", async () => {
  const fetch = () => Promise.reject(new TypeError("fetch failed"));
  const away = plane.client({ fetch, maxRetries: 0 });
  const onError = vi.fn();
  const [gated] = gateTools([new Search()], { service: "crew", holdpoint: away, onError });
  expect(await gated.run({ query: "x" })).toMatch(/^ERROR: there is no approval/);
  expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: "CONNECTION_FAILED" }));
});

test("what cannot be run is refused when it is gated", () => {
  const tool = { name: "nothing", description: "Does nothing." };
  expect(() => gateTools([tool], { service: "crew", holdpoint })).toThrow(ConfigurationError);
});
