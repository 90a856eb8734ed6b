// A KaibanJS team whose clerk may refund only what a person approves. Its model is the framework's
// fake, so it runs offline.
//
//   npx holdpoint dev --json      in one terminal; it prints url, apiKey and operatorToken
//   export HOLDPOINT_URL=… HOLDPOINT_API_KEY=… HOLDPOINT_OPERATOR_TOKEN=…     in another
//   npm start                     you decide, in the browser
//   npm start -- --auto           decides by itself
import { gateTools, type PendingCall } from "@holdpoint/crewai";
import { tool } from "@langchain/core/tools";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { z } from "zod";

// Before KaibanJS is loaded: it reports home otherwise, and ends a process that is offline.
process.env.KAIBAN_TELEMETRY_OPT_OUT = "1";
const { Agent, Task, Team } = await import("kaibanjs");

const refund = tool(
  async ({ order, cents }) => {
    console.log(`   [the tool runs] ${cents} cents for ${order}`);
    return `Refunded ${cents} cents for ${order}.`;
  },
  {
    name: "refund",
    description: "Refunds an order.",
    schema: z.object({ order: z.string(), cents: z.number().int().max(50_000) }),
  },
);

// The fake says its lines one after the other.
const model = new FakeListChatModel({
  responses: [
    JSON.stringify({
      thought: "The lamp came broken.",
      action: "refund",
      actionInput: { order: "A-7", cents: 12_500 },
    }),
    JSON.stringify({ finalAnswer: "The customer has been told." }),
  ],
});

const clerk = new Agent({
  name: "Ada",
  role: "Clerk",
  goal: "Refund what may be refunded",
  background: "Support",
  tools: gateTools([refund], { service: "support", onPending: (pending) => void decide(pending) }),
  llmInstance: model,
} as unknown as ConstructorParameters<typeof Agent>[0]);
const task = new Task({
  description: "Handle the complaint about order A-7.",
  expectedOutput: "What was done",
  agent: clerk,
});
const team = new Team({ name: "Support", agents: [clerk], tasks: [task], logLevel: "error" });

team.onWorkflowStatusChange((status) => console.log(`   the team: ${status}`));
const { status, result } = await team.start();
console.log(`${status}: ${result}`);
process.exit(status === "FINISHED" ? 0 : 1);

/** Shows where to decide; with --auto, does what a person does in the browser. */
async function decide({ id, url }: PendingCall): Promise<void> {
  console.log(`   a person has to decide: ${url}`);
  if (!process.argv.includes("--auto")) return;
  const { HOLDPOINT_URL, HOLDPOINT_OPERATOR_TOKEN } = process.env;
  const response = await fetch(`${HOLDPOINT_URL}/v1/requests/${id}/decision`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${HOLDPOINT_OPERATOR_TOKEN}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      decision: "approve",
      revision: 1,
      patched_payload: { order: "A-7", cents: 10_000 },
      reason: "The lamp was used.",
    }),
  });
  if (!response.ok) throw new Error(await response.text());
  console.log("   a person lowers it to 10000 cents, and approves");
}
