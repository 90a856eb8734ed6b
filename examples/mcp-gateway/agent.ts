// An agent whose bank is behind the gateway: it reads at will, a person decides what it sends.
//
//   npx holdpoint dev --json     in one terminal; it prints url, apiKey and operatorToken
//   export HOLDPOINT_URL=… HOLDPOINT_API_KEY=… HOLDPOINT_OPERATOR_TOKEN=…     in another
//   npm start                    you decide, in the browser
//   npm start -- --auto          decides by itself
import { type CallToolResult, Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { approveWithLess } from "./operator.js";

const agent = new Client({ name: "agent", version: "1.0.0" });
await agent.connect(
  new StdioClientTransport({
    ...gateway("--config", "gateway.json", "--wait-ms", "2000"),
    cwd: import.meta.dirname,
    env: { ...(process.env as Record<string, string>) },
  }),
);

const { tools } = await agent.listTools();
console.log(`tools     ${tools.map(({ name }) => name).join(", ")}`);
console.log(`balance   ${await call("bank__read_balance")}`);
console.log(`close     ${await call("bank__close_account")}`);

let answer = await call("bank__transfer", { to: "Ada", amount: 500 });
console.log(`transfer  ${answer}`);
const id = /req_\w+/.exec(answer)?.[0] ?? "";
if (process.argv.includes("--auto")) await approveWithLess(id);
while (answer.startsWith("PENDING")) {
  answer = await call("holdpoint__check_request", { request_id: id });
}
console.log(`transfer  ${answer}`);
console.log(`balance   ${await call("bank__read_balance")}`);
await agent.close();

/** What a model would read. */
async function call(name: string, args: Record<string, unknown> = {}): Promise<string> {
  const { content }: CallToolResult = await agent.callTool({ name, arguments: args });
  return content.map((block) => (block.type === "text" ? block.text : "")).join("\n");
}

/** In a host's configuration this is `npx -y @holdpoint/mcp gateway …`. */
function gateway(...args: readonly string[]) {
  const program = import.meta.resolve("@holdpoint/mcp").replace(/index(\.\w+)$/, "bin$1");
  return {
    command: process.execPath,
    args: [...process.execArgv, new URL(program).pathname, "gateway", ...args],
  };
}
