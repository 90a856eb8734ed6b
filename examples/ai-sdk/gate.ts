// The same tools behind the same gate, in one process that waits: three lines, and no webhook.
import { gateTools } from "@holdpoint/ai-sdk";
import { generateText, isStepCount } from "ai";
import { model } from "./lib/model.js";
import { gating, tools } from "./lib/tools.js";

const { text } = await generateText({
  model,
  tools: gateTools(tools, { ...gating, onPending: ({ url }) => console.log(url) }),
  prompt: `Please refund ${process.argv[2] ?? "A-1041"}.`,
  stopWhen: isStepCount(8),
});
console.log(text);
