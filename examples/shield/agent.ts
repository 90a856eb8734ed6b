// The agent. It does what it is told on standard input, a line each: `work`, or `jump`.
import { createInterface } from "node:readline";
import { Holdpoint } from "@holdpoint/sdk";
import { JUMP, planRun, type Step } from "./routine.js";

const SERVICE = "deploy";
/** Runs of the routine at a time. */
const SHIFT = 20;

const hp = new Holdpoint({ agent: "deploy-bot" }); // HOLDPOINT_URL, HOLDPOINT_API_KEY
let runs = 0;

// Nobody is left to tell it anything, also while it waits for a person.
process.stdin.once("end", () => process.exit());
console.log("ready");
for await (const order of createInterface({ input: process.stdin })) {
  if (order === "work") await work();
  else await run(JUMP);
  // Whoever waits for a line knows that the control plane has heard of all of it.
  await hp.flush({ timeoutMs: 30_000 });
  console.log("done");
}

async function work(): Promise<void> {
  for (let left = SHIFT; left > 0; left -= 1) {
    await run(planRun(runs));
    runs += 1;
  }
}

/** Each run has a name of its own, so that the shield knows what came after what. */
async function run(steps: readonly Step[]): Promise<void> {
  const runId = crypto.randomUUID();
  for (const [index, { asks, ...step }] of steps.entries()) {
    const isLast = index === steps.length - 1;
    if (asks) await change(runId, step);
    else hp.observe({ service: SERVICE, runId, ...step, ...(isLast && { endsRun: true }) });
  }
}

/** The policy lets every change through. What waits for a person here is held by the shield. */
async function change(runId: string, step: Omit<Step, "asks">): Promise<void> {
  const request = await hp.defer({ service: SERVICE, runId, ...step });
  const { status } = await hp.requests.get(request.id);
  if (status === "PENDING") console.log(`a person decides: ${request.url}`);
  const decision = await hp.wait(request.id);
  if (decision.decidedBy?.type === "policy") return;
  console.log(decision.approved ? "approved: it runs" : `not run: ${decision.reason}`);
  if (decision.receiptId === undefined) return;
  const receipt = await hp.receipts.verify(await hp.receipts.get(decision.receiptId));
  console.log(`receipt verified: ${receipt.id}, ${receipt.type} by ${receipt.actor.name}`);
}
