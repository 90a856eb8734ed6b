// Any MCP server. It knows nothing of Holdpoint, and the agent cannot reach it but by the gateway.
import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";

let balance = 1_000;
const say = (text) => ({ content: [{ type: "text", text }] });

serveStdio(() => {
  const server = new McpServer({ name: "bank", version: "1.0.0" });
  server.registerTool("read_balance", { description: "The balance of the account." }, () =>
    say(`The balance is ${balance}.`),
  );
  server.registerTool(
    "transfer",
    {
      description: "Sends money.",
      inputSchema: z.object({ to: z.string(), amount: z.int().min(1).max(1_000) }),
    },
    ({ to, amount }) => {
      balance -= amount;
      return say(`Sent ${amount} to ${to}.`);
    },
  );
  server.registerTool("close_account", { description: "Closes the account." }, () =>
    say("Closed."),
  );
  return server;
});
