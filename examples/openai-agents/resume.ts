// Process B: a webhook wakes it, on any machine. It goes on with the run as if it had never stopped.
import { serve } from "@hono/node-server";
import { Runner } from "@openai/agents";
import { createAgent, gate } from "./durable.js";
import { tellsWhatItRead } from "./model.js";

const runner = new Runner({ tracingDisabled: true });
const agent = createAgent([tellsWhatItRead]);
const fetch = gate.resumeFromWebhook({
  agent, // HOLDPOINT_WEBHOOK_SECRET
  run: (state) => runner.run(agent, state),
  onResult({ finalOutput }) {
    console.log(finalOutput);
    console.log("finished");
  },
});

serve({ fetch, port: Number(process.env.PORT ?? 4851), hostname: "127.0.0.1" }, () =>
  console.log("ready"),
);
