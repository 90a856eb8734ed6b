import { WebhookVerificationError } from "../core.js";
import type { ClientParts } from "../late.js";
import { readBody } from "./body.js";
import { openEvent } from "./event.js";
import { createReplayMemory } from "./memory.js";
import type {
  WebhookEvent,
  WebhookHandler,
  WebhookHandlerOptions,
  WebhookListener,
} from "./options.js";
import { readSecrets } from "./secrets.js";
import { type VerifiedWebhook, verifyWebhook } from "./verify.js";

/** Longer than an event is redelivered by itself, which is about three days. */
const REMEMBERED_MS = 7 * 86_400_000;
/** How long a listener may take, and one that died in the middle keeps others from the event. */
const RUNNING_MS = 900_000;
/** When to ask again about an event that is being handled, in seconds. */
const RETRY_SECONDS = 15;

/** Makes the function behind `webhooks.handler`. */
export function createHandler(parts: ClientParts, options: WebhookHandlerOptions): WebhookHandler {
  const verifiers = readSecrets(options.secret);
  const { on, seen = createReplayMemory(), onError = logError } = options;

  /** Runs at most once at a time and, once it has ended well, never again. */
  async function handleOnce(verified: VerifiedWebhook): Promise<Response> {
    const running = `${verified.id}:running`;
    if (!(await seen.add(running, after(RUNNING_MS)))) return isRunning();
    try {
      if (await seen.has(verified.id)) return Response.json({ handled: "before" });
      const event = await openEvent(verified, parts);
      await listenerOf(on, event)?.(event as WebhookEvent);
      await seen.add(verified.id, after(REMEMBERED_MS));
      return Response.json({ handled: "now" });
    } finally {
      await seen.delete(running);
    }
  }

  return async (request) => {
    if (request.method !== "POST") {
      return Response.json(
        { error: "Expected POST." },
        { status: 405, headers: { allow: "POST" } },
      );
    }
    try {
      const body = await readBody(request);
      return await handleOnce(verifyWebhook(body, request.headers, verifiers));
    } catch (error) {
      await report(onError, error);
      return failed(error);
    }
  };
}

/** Own properties only: a type named like a method of all objects has no listener. */
function listenerOf(
  on: WebhookHandlerOptions["on"],
  event: WebhookEvent | undefined,
): WebhookListener | undefined {
  if (event === undefined) return undefined;
  if (typeof on === "function") return on;
  return Object.hasOwn(on, event.type) ? (on[event.type] as WebhookListener) : undefined;
}

function after(delayMs: number): Date {
  return new Date(Date.now() + delayMs);
}

function isRunning(): Response {
  const headers = { "retry-after": String(RETRY_SECONDS) };
  return Response.json({ error: "This event is being handled." }, { status: 409, headers });
}

function failed(error: unknown): Response {
  if (!(error instanceof WebhookVerificationError)) {
    return Response.json({ error: "The event could not be handled." }, { status: 500 });
  }
  const { code } = error;
  return Response.json({ code }, { status: code === "WEBHOOK_MALFORMED" ? 400 : 401 });
}

/** The answer is owed whatever becomes of the report; both errors are told then. */
async function report(
  onError: NonNullable<WebhookHandlerOptions["onError"]>,
  error: unknown,
): Promise<void> {
  try {
    await onError(error);
  } catch (failure) {
    console.error(error, failure);
  }
}

/** Whatever knocks at a public door without a signature is no news. */
function logError(error: unknown): void {
  if (!(error instanceof WebhookVerificationError)) console.error(error);
}
