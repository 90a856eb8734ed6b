import { createTestControlPlane } from "@holdpoint/testing";
import { deltaChannelHistoryTests, validate } from "@langchain/langgraph-checkpoint-validation";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { HoldpointCheckpointSaver } from "./saver.js";

// LangGraph's suite looks for these among the globals, which the other tests of this package do without.
const globals = { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it };
for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);

const plane = await createTestControlPlane();
afterAll(() => plane.close());

const encryptionKey = Buffer.alloc(32, 7).toString("base64url");

let savers = 0;

describe.each([
  ["without an encryption key", plane.client()],
  ["with an encryption key", plane.client({ encryptionKey })],
])("[P-CHECKPOINTS] LangGraph's own suite, %s", (_name, holdpoint) => {
  const initializer = {
    checkpointerName: "@holdpoint/langchain",
    // One control plane for all, and a prefix for each: every saver begins with no threads.
    createCheckpointer: () => {
      savers += 1;
      return new HoldpointCheckpointSaver({ holdpoint, prefix: `suite-${savers}` });
    },
  };
  validate(initializer);
  deltaChannelHistoryTests(initializer);
});
