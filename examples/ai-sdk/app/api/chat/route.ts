// Next.js: app/api/chat/route.ts. A message comes in; what the agent does and says streams out. When
// it needs a person, the stream ends with where to decide, and nothing of it stays running.
import { gateTools, holdpointApproval, parkApprovals, toErrorText } from "@holdpoint/ai-sdk";
import {
  createUIMessageStream,
  createUIMessageStreamResponse,
  isStepCount,
  type ModelMessage,
  streamText,
} from "ai";
import { loadChat, saveChat } from "../../../lib/chats.js";
import { model } from "../../../lib/model.js";
import { gating, tools } from "../../../lib/tools.js";

export async function POST(request: Request): Promise<Response> {
  // In a real application: check here that the chat belongs to whoever is signed in.
  const { id, text } = (await request.json()) as { id: string; text: string };
  // The history is the server's own. What a browser sends as history, anybody may have written.
  const chat = await loadChat(id);
  if (chat.waitsFor.length > 0) return Response.json(chat, { status: 409 });

  const asked: ModelMessage[] = [...chat.messages, { role: "user", content: text }];
  const gated = gateTools(tools, { ...gating, runId: id, durable: true });
  const result = streamText({
    model,
    messages: asked,
    tools: gated,
    toolApproval: holdpointApproval,
    stopWhen: isStepCount(8),
  });

  const stream = createUIMessageStream({
    async execute({ writer }) {
      writer.merge(result.toUIMessageStream());
      // Not in onEnd, which swallows what goes wrong: here it reaches the browser as an error.
      const messages = [...asked, ...(await result.responseMessages)];
      const pending = await parkApprovals({ tools: gated, messages });
      await saveChat(id, { messages, waitsFor: pending.map(({ url }) => url) });
      for (const { url } of pending) writer.write({ type: "data-approval", data: { url } });
    },
    onError: toErrorText,
  });
  return createUIMessageStreamResponse({ stream });
}

/** The conversation as it stands, for a browser that comes back. */
export async function GET(request: Request): Promise<Response> {
  const id = new URL(request.url).searchParams.get("id") ?? "";
  return Response.json(await loadChat(id));
}
