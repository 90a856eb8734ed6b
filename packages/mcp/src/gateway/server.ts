import {
  type CallToolResult,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
  type Tool,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import manifest from "../../package.json" with { type: "json" };
import type { Calls } from "./call/calls.js";
import { CHECK_TOOL } from "./call/text.js";
import type { Catalog } from "./catalog.js";

const INSTRUCTIONS = `Some of these tools are held until a person has decided. PENDING means that nobody has yet, and that nothing ran: call ${CHECK_TOOL} with the id in the answer, which runs the call once it is approved and gives its result. ACTION_REJECTED means no: do not do it, in this or another form. A person may have edited the arguments; the result then says so.`;

const CHECK_INPUT = z.object({
  request_id: z.string().describe("The id in the PENDING or RUNNING answer (req_…)."),
});

/** The gateway's own tool. */
const CHECK_DEFINITION: Tool = {
  name: CHECK_TOOL,
  title: "Go on with a call that waited for a person",
  description:
    "Waits for a person's decision on a call that answered PENDING, then runs it, once, and gives the result of the tool that was called. Call it again as long as it answers PENDING or RUNNING. Works after restarts too: the id is all it needs.",
  inputSchema: z.toJSONSchema(CHECK_INPUT) as Tool["inputSchema"],
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
};

export interface ServerParts {
  readonly catalog: Catalog;
  readonly calls: Calls;
}

/** The server in front: one for each connection. */
export function createServer({ catalog, calls }: ServerParts): Server {
  const server = new Server(
    { name: "holdpoint-gateway", title: "Holdpoint gateway", version: manifest.version },
    { capabilities: { tools: { listChanged: true } }, instructions: INSTRUCTIONS },
  );
  server.setRequestHandler("tools/list", async () => {
    const offered = await catalog.list();
    return { tools: [...offered.map(({ name, tool }) => ({ ...tool, name })), CHECK_DEFINITION] };
  });
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const { name, arguments: args = {} } = params;
    return name === CHECK_TOOL ? check(calls, args, context) : calls.call(name, args, context);
  });
  return server;
}

async function check(calls: Calls, args: unknown, context: ServerContext): Promise<CallToolResult> {
  const input = CHECK_INPUT.safeParse(args);
  if (input.success) return calls.check(input.data.request_id, context);
  throw new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `Expected {"request_id":"req_…"} for ${CHECK_TOOL}.`,
  );
}
