import { createActWorld } from "@holdpoint/adapter-conformance/act-world";
import { afterAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { type GateActionsOptions, gateActions } from "./gate-actions.js";

const world = await createActWorld();
afterAll(() => world[Symbol.asyncDispose]());

async function makeTool(options: GateActionsOptions = {}) {
  const [action] = await gateActions(
    world.client(),
    Object.freeze({ include: ["open-ticket"], ...options }),
  );
  if (action === undefined) throw new Error("Expected an action.");
  return action;
}

test("[S-TOOL] runs by each of its names, once for one call", async () => {
  const action = await makeTool();
  const before = world.tickets.length;
  const call = { toolCallId: "call_1", runId: "run-1" };
  for (const method of ["run", "invoke", "execute", "func"] as const) {
    expect(await action[method]({ title: "Printer" }, call)).toContain('"title":"Printer"');
  }
  expect(world.tickets).toHaveLength(before + 1);
});

test("[S-TOOL] tells the program why one did not run", async () => {
  const onError = vi.fn();
  const action = await makeTool({ onError });
  expect(await action.run({ title: "FORBIDDEN" })).toMatch(/^STOP: /);
  expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: "ACTION_DENIED" }));
});

test("takes a schema and a name for calls from whoever needs them", async () => {
  const toSchema = (schema: object) => z.fromJSONSchema(schema as never);
  const toolCallId = ({ args }: { args: unknown }) => JSON.stringify(args);
  const action = await makeTool({ toSchema, toolCallId, runId: "run-2" });
  expect((action.schema as z.ZodType).safeParse({ title: 7 }).success).toBe(false);
  const before = world.tickets.length;
  for (const _ of [1, 2]) await action.run({ title: "Scanner" });
  expect(world.tickets).toHaveLength(before + 1);
});
