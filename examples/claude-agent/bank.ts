// The bank, as an MCP server of its own: it outlives the session that a call of it was parked in.
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { Transfer } from "./transfer.js";

const server = new McpServer({ name: "bank", version: "1.0.0" });
const described = { description: "Sends money.", inputSchema: Transfer.shape };
server.registerTool("transfer", described, async ({ to, cents }) => ({
  content: [{ type: "text", text: `Sent ${cents} cents to ${to}.` }],
}));
await server.connect(new StdioServerTransport());
