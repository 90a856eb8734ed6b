// An agent that has a key, a socket, and nothing else.
import { createInterface } from "node:readline";
import { createAgentWorkspace, Holdpoint, HoldpointError } from "@holdpoint/sdk";

const { DESK_URL = "", ENROLMENT_CODE = "", HOLDPOINT_SOCKET = "" } = process.env;
const say = (line: object) => console.log(JSON.stringify(line));
const orders = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

const desk = await fetch(`${DESK_URL}/api/tickets/T-1`).then(
  ({ status }) => status,
  () => "unreachable",
);
say({ desk, environment: Object.keys(process.env).sort() });

const agentKey = await createAgentWorkspace({
  code: ENROLMENT_CODE,
  socketPath: HOLDPOINT_SOCKET,
});
const hp = new Holdpoint({ agentKey, socketPath: HOLDPOINT_SOCKET });
say({ actions: (await hp.gate.actions()).map(({ id }) => id) });

for (;;) {
  const { value, done } = await orders.next();
  if (done) break;
  const { action, parameters } = JSON.parse(value) as { action: string; parameters: object };
  try {
    const onPending = ({ id }: { readonly id: string }) => say({ held: id });
    const result = await hp.gate.execute(action, parameters, { wait: true, onPending });
    const { id, output, fullySuccessful, receiptId } = result;
    say({ id, output, fullySuccessful, receiptId });
  } catch (error) {
    if (!(error instanceof HoldpointError)) throw error;
    say({ code: error.code });
  }
}
await hp.gate.close();
process.exit(0);
