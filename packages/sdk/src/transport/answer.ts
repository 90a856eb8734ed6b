import { errorFromResponse } from "../errors/from-response.js";
import { invalidResponse } from "../errors/response.js";
import { parseRetryAfter } from "./retry-after.js";

/** An HTTP answer, wholly read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** One with what is known of its call. */
export interface AnswerToCall extends Answer {
  readonly requestId?: string | undefined;
  /** What was called answers without content. */
  readonly isEmpty?: boolean | undefined;
}

/**
 * The JSON of a successful answer, or `undefined` where there is to be no content; anything else is
 * thrown, typed.
 */
export function readAnswer({ status, headers, text, requestId, isEmpty }: AnswerToCall): unknown {
  const about = { status, requestId, traceId: headers.get("x-trace-id") ?? undefined };
  const body = parseJson(text);
  if (status >= 400) {
    const retryAfterMs = parseRetryAfter(headers.get("retry-after"));
    throw errorFromResponse({ ...about, body, retryAfterMs });
  }
  // A browser shows a redirect that is not followed as status 0.
  if (status < 200 || status >= 300) {
    throw invalidResponse(`Expected an answer, got a redirect (HTTP ${status})`, about);
  }
  if (isEmpty && status === 204) return undefined;
  if (isEmpty) throw invalidResponse("Expected no content (HTTP 204), got some", about);
  if (body === undefined) throw invalidResponse("Expected JSON, got something else", about);
  return body;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
