import { createServer, type ServerResponse } from "node:http";

/** One call that the model makes, by the name Claude knows the tool by. */
export interface ModelCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

/** A Messages API in place of Anthropic's: makes its calls at once, then says "done". */
export interface FakeModel extends AsyncDisposable {
  readonly url: string;
  /** What the model was given for each call: the whole text of the tool result. */
  answers(): Readonly<Record<string, string>>;
  /** Everything it was sent last, as text. */
  lastSent(): string;
}

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly tool_use_id?: string;
  readonly content?: string | readonly Block[];
}

interface Sent {
  readonly model: string;
  readonly messages: readonly { readonly content: string | readonly Block[] }[];
}

export async function serveModel(calls: readonly ModelCall[]): Promise<FakeModel> {
  const sent: Sent[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname !== "/v1/messages") {
      const isCount = pathname.endsWith("/count_tokens");
      response.writeHead(isCount ? 200 : 404, { "content-type": "application/json" });
      response.end(isCount ? '{"input_tokens":1}' : '{"type":"error","error":{}}');
      return;
    }
    const given = JSON.parse(body) as Sent;
    sent.push(given);
    const isAnswered = resultsOf(given).length > 0;
    speak(response, given.model, isAnswered ? [] : calls);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    answers: () => Object.fromEntries(resultsOf(sent.at(-1)).map(readResult)),
    lastSent: () => JSON.stringify(sent.at(-1)?.messages ?? []),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function resultsOf(sent: Sent | undefined): readonly Block[] {
  const blocks = (sent?.messages ?? []).flatMap(({ content }) =>
    typeof content === "string" ? [] : content,
  );
  return blocks.filter(({ type }) => type === "tool_result");
}

function readResult({ tool_use_id, content }: Block): [string, string] {
  const text =
    typeof content === "string" ? content : content?.map((block) => block.text ?? "").join("\n");
  return [tool_use_id ?? "", text ?? ""];
}

/** One turn as the API streams it. */
function speak(response: ServerResponse, model: string, calls: readonly ModelCall[]): void {
  const send = (type: string, data: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  response.writeHead(200, { "content-type": "text/event-stream" });
  const usage = { input_tokens: 1, output_tokens: 1 };
  const message = { id: `msg_${crypto.randomUUID()}`, type: "message", role: "assistant", model };
  send("message_start", {
    message: { ...message, content: [], stop_reason: null, stop_sequence: null, usage },
  });
  const blocks = calls.map(({ id, name, input }) => ({
    start: { type: "tool_use", id, name, input: {} } as object,
    delta: { type: "input_json_delta", partial_json: JSON.stringify(input) } as object,
  }));
  const done = {
    start: { type: "text", text: "" },
    delta: { type: "text_delta", text: "done" },
  };
  for (const [index, { start, delta }] of (blocks.length > 0 ? blocks : [done]).entries()) {
    send("content_block_start", { index, content_block: start });
    send("content_block_delta", { index, delta });
    send("content_block_stop", { index });
  }
  const stop_reason = calls.length > 0 ? "tool_use" : "end_turn";
  send("message_delta", { delta: { stop_reason, stop_sequence: null }, usage });
  send("message_stop", {});
  response.end();
}
