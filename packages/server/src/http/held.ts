import type { ServerResponse } from "node:http";
import type { CallRecord } from "./call-record.js";
import type { Answer, HeldAnswer } from "./operation.js";
import { problemOf } from "./problem.js";
import { headersOf, problemAnswer } from "./response.js";

/** What logs and metrics say of a client that went before its answer, after nginx. */
const CLIENT_LEFT = 499;

/**
 * Writes a held answer straight to its socket when it is ready. Everything else of the call, the
 * framework's context and the chain of promises, is let go meanwhile: it would be twice what the
 * socket itself costs.
 */
export function writeHeld(held: HeldAnswer, outgoing: ServerResponse, record: CallRecord): void {
  const leave = () => {
    held.cancel();
    record.note(CLIENT_LEFT);
  };
  if (outgoing.closed) {
    leave();
    return;
  }
  outgoing.once("close", leave);
  held.onReady(() => {
    outgoing.off("close", leave);
    void write(held, outgoing, record);
  });
}

async function write(
  held: HeldAnswer,
  outgoing: ServerResponse,
  record: CallRecord,
): Promise<void> {
  const answer = await makeAnswer(held, record);
  const text = JSON.stringify(answer.body);
  outgoing.writeHead(answer.status, {
    ...headersOf(answer, record.traceId),
    "Content-Length": Buffer.byteLength(text),
  });
  outgoing.end(text);
  record.note(answer.status);
}

async function makeAnswer(held: HeldAnswer, { traceId, context }: CallRecord): Promise<Answer> {
  try {
    return await held.make();
  } catch (error) {
    return problemAnswer(problemOf(error, traceId, context.log), traceId);
  }
}
