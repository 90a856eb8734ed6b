import { isFinalStatus, type JsonValue, LIMITS, type WireRequest } from "@holdpoint/protocol";
import type { DeferredRequest } from "../holdpoint.js";
import type { ClientParts } from "../late.js";
import { compileSchema } from "../schema/load.js";
import { startDeadline } from "../transport/deadline.js";
import { readDecision } from "./answer.js";
import { createRequest } from "./calls.js";
import { requireInteger, requireRequestId } from "./check.js";
import type { Decision } from "./decision.js";
import { type Draft, draftRequest } from "./draft.js";
import type { AskOptions, CallOptions, RequestOptions, WaitOptions } from "./options.js";
import { waitForAnswer } from "./wait.js";
import { cancellingOnAbort, cancellingOnTimeout } from "./withdraw.js";

/** How long to wait past the request's expiry, so that the answer EXPIRED is the server's. */
const EXPIRY_GRACE_MS = 30_000;

/** What is behind `hp.ask`. */
export async function ask(
  parts: ClientParts,
  options: RequestOptions<unknown>,
  { signal, cancelOnAbort }: AskOptions,
): Promise<Decision<JsonValue>> {
  const { transport, cipher } = parts;
  const signals = [signal, parts.options.signal];
  const draft = await draftRequest(options, parts, signal);
  const answer = () => createAndWait(parts, draft, signal);
  const answered = await (cancelOnAbort
    ? cancellingOnAbort(transport, draft.id, signals, answer)
    : answer());
  return readDecision(answered, { cipher, draft });
}

/**
 * Makes the request, or finds it, and waits till it is decided.
 *
 * @param onPending - Called with it when it is not decided yet.
 */
export async function createAndWait(
  parts: ClientParts,
  draft: Draft,
  signal: AbortSignal | undefined,
  onPending: (request: WireRequest) => void = () => {},
): Promise<WireRequest> {
  const created = await createRequest(parts, draft, signal);
  if (isFinalStatus(created.status)) return created;
  onPending(created);
  const deadline = startDeadline(draft.timeoutMs + EXPIRY_GRACE_MS);
  return waitForAnswer(parts.transport, draft.id, { deadline, signal });
}

/** What is behind `hp.defer`. */
export async function defer(
  parts: ClientParts,
  options: RequestOptions<unknown>,
  { signal }: CallOptions,
): Promise<DeferredRequest> {
  const draft = await draftRequest(options, parts, signal);
  const { id, url } = await createRequest(parts, draft, signal);
  return { id, url };
}

/** What is behind `hp.wait`. */
export async function wait(
  { transport, cipher, options: client }: ClientParts,
  id: string,
  options: WaitOptions,
): Promise<Decision<JsonValue>> {
  const { signal, cancelOnAbort, cancelOnTimeout } = options;
  const signals = [signal, client.signal];
  const timeoutMs = options.timeoutMs ?? LIMITS.defaultTimeoutMs;
  const deadline = startDeadline(requireInteger("timeoutMs", timeoutMs, 1, LIMITS.maxTimeoutMs));
  requireRequestId(id);
  const schema = options.schema && (await compileSchema(options.schema));
  const hold = () => waitForAnswer(transport, id, { deadline, signal });
  const answer = () =>
    cancelOnTimeout ? cancellingOnTimeout(transport, id, signal, hold) : hold();
  const answered = await (cancelOnAbort
    ? cancellingOnAbort(transport, id, signals, answer)
    : answer());
  return readDecision(answered, { cipher, schema });
}
