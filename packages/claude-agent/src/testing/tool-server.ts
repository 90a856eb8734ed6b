import { createServer } from "node:http";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { z } from "zod";

export interface ServedTool {
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodObject;
  readonly run: (args: unknown) => Promise<unknown>;
}

/** Tools behind a real MCP server, which outlives a session: those in the SDK are gone at its resume. */
export async function serveTools(tools: readonly ServedTool[]) {
  const server = createServer(async (request, response) => {
    const mcp = new McpServer({ name: "bank", version: "1.0.0" });
    for (const { name, description, schema, run } of tools) {
      mcp.registerTool(name, { description, inputSchema: schema.shape }, async (args) => ({
        content: [{ type: "text", text: JSON.stringify(await run(args)) }],
      }));
    }
    // Without a generator of session ids it keeps none.
    const transport = new StreamableHTTPServerTransport({});
    response.on("close", () => void transport.close());
    await mcp.connect(transport as Parameters<typeof mcp.connect>[0]);
    await transport.handleRequest(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
