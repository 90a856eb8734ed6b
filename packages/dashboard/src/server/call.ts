import { observeServerDate } from "./clock.js";
import { ServerError, serverErrorOf } from "./error.js";
import { parseJson } from "./json.js";

export interface CallOptions {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** The project the call acts in; sent as `Holdpoint-Project`. */
  readonly projectId?: string;
}

/**
 * Calls the control plane with the session cookie.
 *
 * @throws {ServerError} for every answer that is not 2xx, and `CONNECTION_FAILED` without one.
 */
export async function callServer<Answer>(path: string, options: CallOptions = {}): Promise<Answer> {
  const response = await send(path, options);
  observeServerDate(response.headers.get("date"), Date.now());
  const body = await readBody(response);
  if (!response.ok) throw serverErrorOf(response.status, body);
  return body as Answer;
}

async function send(path: string, { method = "GET", body, signal, projectId }: CallOptions) {
  const headers: Record<string, string> = { accept: "application/json" };
  if (projectId !== undefined) headers["holdpoint-project"] = projectId;
  if (body !== undefined) headers["content-type"] = "application/json";
  try {
    return await fetch(path, {
      method,
      headers,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ServerError({
      code: "CONNECTION_FAILED",
      status: 0,
      message: "The control plane does not answer. Check that it runs and that you are online.",
    });
  }
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === "") return undefined;
  try {
    return parseJson(text);
  } catch {
    if (response.ok) {
      throw new ServerError({
        code: "RESPONSE_INVALID",
        status: response.status,
        message: "The answer is not JSON. Is a proxy in between?",
      });
    }
    return undefined;
  }
}

/** Query text of the members that are set, with a leading `?`, or nothing. */
export function queryText(members: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined && value !== "") query.set(name, String(value));
  }
  return query.size === 0 ? "" : `?${query}`;
}
