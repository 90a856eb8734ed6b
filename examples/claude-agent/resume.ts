// Process B: a webhook wakes it, on whichever machine has Claude's session files.
import { isDeferred, resumeFromWebhook } from "@holdpoint/claude-agent";
import { serve } from "@hono/node-server";
import { gate, runClaude } from "./claude.js";

// `isDeferred` looks where Claude keeps its sessions, which this example does in a folder of its own.
process.env.CLAUDE_CONFIG_DIR = process.env.WORK_FOLDER;

const handle = resumeFromWebhook({
  ...gate,
  // HOLDPOINT_WEBHOOK_SECRET
  resume: async (session) => {
    if (!(await isDeferred(session))) return;
    console.log(`session ${session.sessionId} goes on`);
    await runClaude({ whilePending: "defer" }, session.sessionId);
    console.log("finished");
  },
});

serve({ fetch: handle, port: Number(process.env.PORT ?? 4852), hostname: "127.0.0.1" }, () =>
  console.log("ready"),
);
