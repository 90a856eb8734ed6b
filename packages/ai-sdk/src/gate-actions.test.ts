import { createActWorld } from "@holdpoint/adapter-conformance/act-world";
import { type Tool, tool } from "ai";
import { afterAll, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { GatedToolError, gateActions } from "./index.js";
import { frameworkOf, MAJORS } from "./testing/framework.js";
import { createModel } from "./testing/model.js";

const world = await createActWorld();
afterAll(() => world[Symbol.asyncDispose]());

test.each(MAJORS)(
  "[S-TOOL] goes beside other tools, with its schema, with ai %i",
  async (major) => {
    const lookUp = tool({ inputSchema: z.object({}), execute: async () => "nothing" });
    const actions = await gateActions(world.client(), Object.freeze({ include: ["open-ticket"] }));
    const tools = { ...actions, lookUp };
    expectTypeOf(tools.lookUp).toEqualTypeOf(lookUp);
    expect(Object.keys(tools)).toEqual(["open-ticket", "lookUp"]);
    const args = { title: "Printer" };
    const fake = createModel(major, [{ calls: [{ id: "call_1", tool: "open-ticket", args }] }]);
    const given = tools as Readonly<Record<string, Tool>>;
    await frameworkOf(major).generate({ model: fake.model, tools: given });
    expect(fake.answerTo("call_1")).toContain('"title":"Printer"');
    expect(fake.model.doGenerateCalls[0]?.tools?.[0]).toMatchObject({
      name: "open-ticket",
      description: "Opens a ticket in the help desk.",
      inputSchema: { required: ["title"], additionalProperties: false },
    });
  },
);

test("[S-TOOL] what did not run is thrown, with what failed", async () => {
  const actions = await gateActions(world.client());
  const call = { toolCallId: "call_1", messages: [], context: undefined };
  const error = await Promise.resolve(
    actions["open-ticket"]?.execute?.({ title: "FORBIDDEN" }, call as never),
  ).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(GatedToolError);
  expect(error).toMatchObject({ code: "ACTION_DENIED", cause: { name: "ActionDeniedError" } });
  expect(String(error)).toMatch(/^STOP: /);
});
