import { REFUND, readAnswer } from "./answer.js";
import { connectStdio } from "./connect.js";

/** Plays one round of a call, as a client that keeps the state itself, and prints what came of it. */
const { HOLDPOINT_API_KEY = "", HOLDPOINT_URL = "", HOLDPOINT_MCP_WAIT_MS = "" } = process.env;
const environment = { HOLDPOINT_API_KEY, HOLDPOINT_URL, HOLDPOINT_MCP_WAIT_MS };
const { requestState } = JSON.parse(process.argv[2] ?? "{}") as { requestState?: string };

const { client } = await connectStdio(environment, { onLink: "accept", autoFulfill: false });
const round = requestState
  ? { requestState, inputResponses: { decide: { action: "accept" as const } } }
  : {};
const call = { name: "ask_human", arguments: REFUND, ...round };
const result = await client.callTool(call, { allowInputRequired: true });
console.log(JSON.stringify(requestState ? readAnswer(result) : result));
await client.close();
