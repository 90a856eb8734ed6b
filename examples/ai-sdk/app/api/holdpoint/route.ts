// Next.js: app/api/holdpoint/route.ts. The control plane posts here when a person has decided; the
// conversation goes on from where it was parked, in whichever process this is.
import { holdpointApproval, parkApprovals, resumeFromWebhook } from "@holdpoint/ai-sdk";
import { generateText, isStepCount } from "ai";
import { saveChat } from "../../../lib/chats.js";
import { model } from "../../../lib/model.js";
import { gating, tools } from "../../../lib/tools.js";

export const POST = resumeFromWebhook({
  ...gating,
  tools, // HOLDPOINT_WEBHOOK_SECRET
  async resume({ runId, tools: gated, messages }) {
    const result = await generateText({
      model,
      messages,
      tools: gated,
      toolApproval: holdpointApproval,
      stopWhen: isStepCount(8),
    });
    const all = [...messages, ...result.responseMessages];
    // It may have come to the next thing that a person has to decide.
    const pending = await parkApprovals({ tools: gated, messages: all });
    await saveChat(runId, { messages: all, waitsFor: pending.map(({ url }) => url) });
    console.log(`resumed: ${result.text}`);
  },
});
