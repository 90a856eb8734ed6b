import { errorFromResponse } from "../errors/from-response.js";
import { InvalidResponseError } from "../errors/response.js";
import { parseRetryAfter } from "./retry-after.js";

/** An HTTP answer, wholly read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly requestId?: string | undefined;
}

/** The JSON of a successful answer; anything else is thrown, typed. */
export function readAnswer({ status, headers, text, requestId }: Answer): unknown {
  const traceId = headers.get("x-trace-id") ?? undefined;
  if (status < 200 || (status >= 300 && status < 400)) {
    throw new InvalidResponseError({
      code: "RESPONSE_INVALID",
      message: `Expected an answer, got a redirect (HTTP ${status}), which is never followed. Set HOLDPOINT_URL to where it leads.`,
      status,
      requestId,
      traceId,
    });
  }
  const body = parseJson(text);
  if (status >= 400) {
    const retryAfterMs = parseRetryAfter(headers.get("retry-after"));
    throw errorFromResponse({ status, body, retryAfterMs, traceId, requestId });
  }
  if (body !== undefined) return body;
  throw new InvalidResponseError({
    code: "RESPONSE_INVALID",
    message: `Expected JSON from the control plane, got HTTP ${status} with something else. Check that HOLDPOINT_URL leads to Holdpoint and not to something in between.`,
    status,
    requestId,
    traceId,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
