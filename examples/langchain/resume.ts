// Process B: a webhook wakes it, on any machine. It resumes the graph where it was interrupted.
import { resumeFromWebhook } from "@holdpoint/langchain";
import { serve } from "@hono/node-server";
import { agent } from "./agent.js";
import { gate } from "./tools.js";

const handle = resumeFromWebhook({
  graph: agent.graph, // HOLDPOINT_WEBHOOK_SECRET
  service: gate.service,
  onResult: ({ messages }) => console.log(messages.at(-1)?.content),
});

serve({ fetch: handle, port: Number(process.env.PORT ?? 4852), hostname: "127.0.0.1" }, () =>
  console.log("ready"),
);
