// The agent. It has no token of the help desk, and needs no network but the way to Holdpoint:
//
//   ENROLMENT_CODE=hpe_… HOLDPOINT_URL=…  (or HOLDPOINT_SOCKET=…)  npm run agent
import { once } from "node:events";
import {
  ActionDeniedError,
  createAgentWorkspace,
  Holdpoint,
  HoldpointError,
  isFullySuccessful,
} from "@holdpoint/sdk";

// A key of its own, which no one else has ever had. Keep the workspace in a file to come back.
const agentKey = await createAgentWorkspace({ code: process.env.ENROLMENT_CODE ?? "" });
const hp = new Holdpoint({ agentKey });

const actions = await hp.gate.actions();
console.log(`may use: ${actions.map(({ id }) => id).join(", ")}`);

await open("The printer is out of paper");
await open("URGENT: nothing works");
await refund();

// Somebody has seen enough, and presses the button.
console.log("ready");
await once(process.stdin, "data");
await open("The printer is out of paper again");
await hp.gate.close();
process.exit(0);

async function open(title: string): Promise<void> {
  try {
    const result = await hp.gate.execute(
      "open-ticket",
      { title },
      { wait: true, onPending: ({ url }) => console.log(`a person decides: ${url}`) },
    );
    const { id } = (result.output as { body: { id: string } }).body;
    const seen = isFullySuccessful(result) ? "and seen to be there" : "but not seen";
    console.log(`opened ${id}, ${seen}: ${result.receiptId}`);
  } catch (error) {
    if (!(error instanceof HoldpointError)) throw error;
    console.log(`not opened: ${error.code}`);
  }
}

async function refund(): Promise<void> {
  try {
    await hp.gate.execute("refund", { amount_minor: 1_000_000 });
  } catch (error) {
    if (!(error instanceof ActionDeniedError)) throw error;
    console.log(`no refund: ${error.code}`);
  }
}
