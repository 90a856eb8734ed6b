import type { CanUseTool, Options, SDKUserMessage } from "@anthropic-ai/claude-agent-sdk";
import type { WebhookHandler } from "@holdpoint/sdk";
import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  createHoldpointTool,
  type DeferredSession,
  holdpointCanUseTool,
  holdpointHook,
  holdpointServer,
  keepOpen,
  resumeFromWebhook,
} from "../index.js";

test("what it makes fits into the options of a query, beside hooks of one's own", () => {
  const holdpoint = holdpointHook({ service: "shell" });
  const mine = { hooks: [async () => ({})] };
  const options: Options = {
    hooks: { ...holdpoint, PreToolUse: [...holdpoint.PreToolUse, mine], Stop: [mine] },
    canUseTool: holdpointCanUseTool({ service: "shell" }),
    mcpServers: { holdpoint: holdpointServer({ service: "shell" }) },
  };
  expectTypeOf<Options>().toMatchTypeOf<{ hooks?: typeof options.hooks }>();
  expectTypeOf(holdpointCanUseTool).returns.toEqualTypeOf<CanUseTool>();
  expectTypeOf(keepOpen()).toMatchTypeOf<AsyncIterable<SDKUserMessage>>();
});

test("what a resume is told", () => {
  const handler = resumeFromWebhook({
    service: "shell",
    resume: (session) => expectTypeOf(session).toEqualTypeOf<DeferredSession>(),
  });
  expectTypeOf(handler).toEqualTypeOf<WebhookHandler>();
});

test("what does not fit", () => {
  // @ts-expect-error a service is needed
  holdpointHook({});
  // @ts-expect-error no such verdict
  holdpointHook({ service: "shell", policy: { Bash: "approve" } });
  // @ts-expect-error it waits or defers
  holdpointHook({ service: "shell", whilePending: "allow" });
  // @ts-expect-error a zod object, which has a shape
  createHoldpointTool({ service: "shell", inputSchema: z.string() });
});
