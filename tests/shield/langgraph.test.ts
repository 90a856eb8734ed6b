import { gateTools } from "@holdpoint/langchain";
import type { WireList } from "@holdpoint/protocol";
import type { WireShieldStep } from "@holdpoint/protocol/shield";
import { AIMessage, type BaseMessage, createAgent, fakeModel, ToolMessage, tool } from "langchain";
import { expect, test } from "vitest";
import { z } from "zod";
import { serveControlPlane } from "../harness/control-plane.js";
import { expectAnswer, readShield, SERVICE } from "../harness/shield.js";

const calls = [
  { name: "read_logs", args: { lines: 200 } },
  { name: "summarise", args: { words: 80 } },
  { name: "apply", args: { module: "web" } },
];

test("[P-OBSERVE] [P-ADAPTERS] a LangGraph run is seen whole, in its order, also what needs nobody", async () => {
  await using holdpoint = await serveControlPlane();
  const hp = holdpoint.client();
  const ran: string[] = [];
  const make = (name: string, shape: z.ZodRawShape) =>
    tool(
      () => {
        ran.push(name);
        return "done";
      },
      { name, description: `Does ${name}.`, schema: z.object(shape) },
    );
  const tools = gateTools(
    [
      make("read_logs", { lines: z.number() }),
      make("summarise", { words: z.number() }),
      make("apply", { module: z.string() }),
    ],
    { service: SERVICE, holdpoint: hp, policy: { apply: "ask", "*": "observe" } },
  );
  const model = calls.reduce((fake) => fake.respond(answer), fakeModel().respond(answer));
  const agent = createAgent({ model, tools: [...tools] });
  const answered = agent.invoke(
    { messages: "The web service is slow." },
    { configurable: { thread_id: "chat-1" } },
  );
  const list = async () => {
    const path = "/v1/requests?status=PENDING";
    return (await expectAnswer<WireList<{ id: string }>>(holdpoint, path)).data;
  };
  await expect.poll(async () => (await list()).length, { timeout: 30_000 }).toBe(1);
  expect(ran).toEqual(["read_logs", "summarise"]);
  await holdpoint.decide((await list())[0]?.id as string, { decision: "approve" });
  expect((await answered).messages.at(-1)?.content).toBe("All is done.");
  expect(ran).toEqual(["read_logs", "summarise", "apply"]);

  const { baseline } = await readShield(holdpoint);
  expect(baseline).toMatchObject({ steps: 3, actions: 3 });
  const path = `/v1/shield/${SERVICE}/steps`;
  const { data } = await expectAnswer<WireList<WireShieldStep>>(holdpoint, path);
  expect(data.toReversed().map(({ action, verdict }) => [verdict.after, action])).toEqual([
    [undefined, "read_logs"],
    ["read_logs", "summarise"],
    ["summarise", "apply"],
  ]);
  expect(new Set(data.map(({ run_key }) => run_key)).size).toBe(1);
  expect(data.every(({ skeleton_hash }) => skeleton_hash !== undefined)).toBe(true);
});

/** Calls the tools one after the other. */
function answer(messages: BaseMessage[]): AIMessage {
  const call = calls[messages.filter((message) => ToolMessage.isInstance(message)).length];
  if (call === undefined) return new AIMessage("All is done.");
  return new AIMessage({ content: "", tool_calls: [{ ...call, id: `call_${call.name}` }] });
}
