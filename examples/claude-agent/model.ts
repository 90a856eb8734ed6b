// Plays Anthropic's Messages API, so that this runs without a key: it calls the bank once, and then
// says that it is done.
import { createServer, type ServerResponse } from "node:http";

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly content?: string | readonly Block[];
}

interface Sent {
  readonly model: string;
  readonly messages: readonly { readonly content: string | readonly Block[] }[];
}

const CALL = {
  start: { type: "tool_use", id: "toolu_1", name: "mcp__bank__transfer", input: {} },
  delta: { type: "input_json_delta", partial_json: '{"to":"Ada","cents":12500}' },
};
const DONE = {
  start: { type: "text", text: "" },
  delta: { type: "text_delta", text: "It is done." },
};

export async function serveModel() {
  let results: readonly Block[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    if (new URL(request.url ?? "/", "http://localhost").pathname !== "/v1/messages") {
      response.writeHead(404).end();
      return;
    }
    const { model, messages } = JSON.parse(body) as Sent;
    const blocks = messages.flatMap(({ content }) => (typeof content === "string" ? [] : content));
    results = blocks.filter(({ type }) => type === "tool_result");
    speak(response, model, results.length === 0);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    /** What the model was given for its call, line by line. */
    read: () => results.flatMap(textsOf).map((line) => `the model read: ${line}`),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function textsOf({ content }: Block): readonly string[] {
  const text =
    typeof content === "string" ? content : content?.map((block) => block.text ?? "").join("\n");
  return (text ?? "")
    .replace(/<system-reminder>[\s\S]*/, "")
    .trim()
    .split("\n");
}

/** One turn, as the API streams it. */
function speak(response: ServerResponse, model: string, calls: boolean): void {
  const send = (type: string, data: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  const usage = { input_tokens: 1, output_tokens: 1 };
  const message = { id: `msg_${crypto.randomUUID()}`, type: "message", role: "assistant", model };
  const { start, delta } = calls ? CALL : DONE;
  response.writeHead(200, { "content-type": "text/event-stream" });
  send("message_start", {
    message: { ...message, content: [], stop_reason: null, stop_sequence: null, usage },
  });
  send("content_block_start", { index: 0, content_block: start });
  send("content_block_delta", { index: 0, delta });
  send("content_block_stop", { index: 0 });
  const stop_reason = calls ? "tool_use" : "end_turn";
  send("message_delta", { delta: { stop_reason, stop_sequence: null }, usage });
  send("message_stop", {});
  response.end();
}
