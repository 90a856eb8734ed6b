import { fromJsonSchema, type McpServer, type ServerContext } from "@modelcontextprotocol/server";
import { z } from "zod";
import { EMBEDDED, IMAGE, SOUND, text } from "./content.js";

const NOTHING = z.object({});

/** The tools that the official conformance suite calls by name. */
export function registerReferenceTools(server: McpServer): void {
  registerContentTools(server);
  registerTalkingTools(server);
  registerElicitingTools(server);
  server.registerTool(
    "json_schema_2020_12_tool",
    { description: "Has a schema with $defs.", inputSchema: fromJsonSchema(ADDRESS_SCHEMA) },
    () => text("ok"),
  );
}

function registerContentTools(server: McpServer): void {
  const answers = {
    test_simple_text: text("This is a simple text response for testing."),
    test_image_content: { content: [IMAGE] },
    test_audio_content: { content: [SOUND] },
    test_embedded_resource: { content: [EMBEDDED] },
    test_multiple_content_types: {
      content: [{ type: "text" as const, text: "Multiple content types test:" }, IMAGE, EMBEDDED],
    },
    test_error_handling: {
      ...text("This tool intentionally returns an error for testing"),
      isError: true,
    },
    test_reconnection: text("Reconnection test completed"),
  };
  for (const [name, answer] of Object.entries(answers)) {
    server.registerTool(name, { description: name, inputSchema: NOTHING }, () => answer);
  }
}

function registerTalkingTools(server: McpServer): void {
  const config = { description: "Talks while it runs.", inputSchema: NOTHING };
  server.registerTool("test_tool_with_logging", config, async (_, { mcpReq }) => {
    for (const step of ["started", "processing data", "completed"]) {
      await mcpReq.log("info", `Tool execution ${step}`);
    }
    return text("Logged.");
  });
  server.registerTool("test_tool_with_progress", config, async (_, { mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of progressToken === undefined ? [] : [0, 50, 100]) {
      const params = { progressToken, progress, total: 100 };
      await mcpReq.notify({ method: "notifications/progress", params });
    }
    return text("Progressed.");
  });
  server.registerTool(
    "test_sampling",
    { description: "Asks the client's model.", inputSchema: z.object({ prompt: z.string() }) },
    async ({ prompt }, { mcpReq }) => {
      const content = { type: "text" as const, text: prompt };
      const messages = [{ role: "user" as const, content }];
      const options = { relatedRequestId: mcpReq.id };
      const answer = await mcpReq.requestSampling({ messages, maxTokens: 100 }, options);
      return text(`LLM response: ${JSON.stringify(answer.content)}`);
    },
  );
}

function registerElicitingTools(server: McpServer): void {
  const elicit = async ({ mcpReq }: ServerContext, message: string, properties: object) => {
    const requestedSchema = { type: "object" as const, properties };
    const params = { mode: "form", message, requestedSchema };
    const { action, content } = await mcpReq.elicitInput(
      params as Parameters<typeof mcpReq.elicitInput>[0],
      // On the stream of the call itself: the one for all else may not be there yet.
      { relatedRequestId: mcpReq.id },
    );
    return text(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`);
  };
  server.registerTool(
    "test_elicitation",
    { description: "Asks the user.", inputSchema: z.object({ message: z.string() }) },
    ({ message }, context) =>
      elicit(context, message, { username: { type: "string" }, email: { type: "string" } }),
  );
  for (const [name, properties] of Object.entries(FORMS)) {
    server.registerTool(name, { description: name, inputSchema: NOTHING }, (_, context) =>
      elicit(context, "Please fill in.", properties),
    );
  }
}

const OPTIONS = ["option1", "option2", "option3"];
const TITLED = ["value1", "value2", "value3"].map((each) => ({
  const: each,
  title: `The ${each}`,
}));

const FORMS = {
  test_elicitation_sep1034_defaults: {
    name: { type: "string", default: "John Doe" },
    age: { type: "integer", default: 30 },
    score: { type: "number", default: 95.5 },
    status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
    verified: { type: "boolean", default: true },
  },
  test_elicitation_sep1330_enums: {
    untitledSingle: { type: "string", enum: OPTIONS },
    titledSingle: { type: "string", oneOf: TITLED },
    legacyEnum: {
      type: "string",
      enum: ["opt1", "opt2", "opt3"],
      enumNames: ["Option One", "Option Two", "Option Three"],
    },
    untitledMulti: { type: "array", items: { type: "string", enum: OPTIONS } },
    titledMulti: { type: "array", items: { anyOf: TITLED } },
  },
};

const ADDRESS_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object" as const,
  $defs: {
    address: {
      type: "object",
      properties: { street: { type: "string" }, city: { type: "string" } },
    },
  },
  properties: { name: { type: "string" }, address: { $ref: "#/$defs/address" } },
  additionalProperties: false,
};
