import type { ServerResponse } from "node:http";
import type { JsonValue } from "@holdpoint/protocol";
import type { ServedCall } from "../service.js";

/** What a fake answers to one call. */
export interface FakeAnswer {
  readonly status: number;
  readonly body: JsonValue;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A service that answers as the real one does, as far as one action goes. */
export type Fake = (call: ServedCall) => FakeAnswer;

/** For `Service.answer`. */
export function answering(fake: Fake): (response: ServerResponse, call: ServedCall) => void {
  return (response, call) => {
    const { status, body, headers } = fake(call);
    response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
    response.end(JSON.stringify(body));
  };
}

/** The token of `Authorization: Bearer`. */
export function bearerOf({ headers }: ServedCall): string | undefined {
  return /^Bearer (\S+)$/.exec(headers.authorization ?? "")?.[1];
}

/** A body that is sent as JSON, and is an object; `undefined` for any other. */
export function jsonOf({ headers, body }: ServedCall): Record<string, unknown> | undefined {
  if (!/^application\/json\b/.test(headers["content-type"] ?? "")) return undefined;
  const value: unknown = JSON.parse(body);
  return typeof value === "object" && value !== null ? { ...value } : undefined;
}
