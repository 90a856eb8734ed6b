import {
  completable,
  type McpServer,
  type McpServerFactory,
  ResourceTemplate,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { createHoldpointMcpServer } from "../../server/create.js";
import type { HoldpointMcpServerOptions } from "../../server/options.js";
import { embed, IMAGE, PIXEL } from "./content.js";
import { registerReferenceTools } from "./tools.js";

/**
 * Our own server with, beside its own tools, all that the official conformance suite expects a
 * server to have: tools, resources and prompts of given names.
 */
export function createReferenceServer(options: HoldpointMcpServerOptions): McpServerFactory {
  const factory = createHoldpointMcpServer(options);
  return async (context) => {
    const server = await factory(context);
    server.server.registerCapabilities({ logging: {}, resources: { subscribe: true } });
    registerReferenceTools(server);
    registerResources(server);
    registerPrompts(server);
    return server;
  };
}

function registerResources(server: McpServer): void {
  const described = (mimeType: string) => ({ description: "For tests.", mimeType });
  server.registerResource("text", "test://static-text", described("text/plain"), ({ href }) => ({
    contents: [{ uri: href, mimeType: "text/plain", text: "The static text resource." }],
  }));
  server.registerResource("binary", "test://static-binary", described("image/png"), ({ href }) => ({
    contents: [{ uri: href, mimeType: "image/png", blob: PIXEL }],
  }));
  server.registerResource(
    "watched",
    "test://watched-resource",
    described("text/plain"),
    ({ href }) => ({
      contents: [{ uri: href, mimeType: "text/plain", text: "Watched." }],
    }),
  );
  const template = new ResourceTemplate("test://template/{id}/data", { list: undefined });
  server.registerResource(
    "template",
    template,
    described("application/json"),
    ({ href }, { id }) => ({
      contents: [{ uri: href, mimeType: "application/json", text: JSON.stringify({ id }) }],
    }),
  );
  server.server.setRequestHandler("resources/subscribe", () => ({}));
  server.server.setRequestHandler("resources/unsubscribe", () => ({}));
}

function registerPrompts(server: McpServer): void {
  const say = (words: string) => ({
    role: "user" as const,
    content: { type: "text" as const, text: words },
  });
  const description = "For tests.";
  server.registerPrompt("test_simple_prompt", { description }, () => ({
    messages: [say("This is a simple prompt for testing.")],
  }));
  const argument = completable(z.string(), () => ["testValue1"]);
  const argsSchema = z.object({ arg1: argument, arg2: z.string() });
  server.registerPrompt(
    "test_prompt_with_arguments",
    { description, argsSchema },
    ({ arg1, arg2 }) => ({ messages: [say(`Arguments: arg1='${arg1}', arg2='${arg2}'`)] }),
  );
  server.registerPrompt(
    "test_prompt_with_embedded_resource",
    { description, argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri }) => ({
      messages: [{ role: "user", content: embed(resourceUri) }, say("Read it.")],
    }),
  );
  server.registerPrompt("test_prompt_with_image", { description }, () => ({
    messages: [{ role: "user", content: IMAGE }, say("Look at it.")],
  }));
}
