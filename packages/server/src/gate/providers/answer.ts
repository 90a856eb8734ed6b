import type { IncomingHttpHeaders } from "node:http";
import type { JsonObject, JsonValue } from "@holdpoint/protocol";
import type { ActionManifest, HttpMethod } from "@holdpoint/protocol/gate";
import type { ReadAnswer } from "../egress/call.js";
import { isSafe } from "../egress/faults.js";
import { FaultError } from "../fault.js";
import type { Credentials } from "../secrets/credentials.js";
import type { EchoFilter } from "../secrets/echo.js";
import type { ProviderResult } from "./provider.js";

/**
 * Headers that an output has: what describes the body, names the thing that was made, pages through a
 * list, and says when to come back. Cookies and whatever else a service says of itself are left out.
 */
const OUTPUT_HEADERS = ["content-type", "etag", "last-modified", "link", "location", "retry-after"];

/**
 * The output of a call that succeeded: `{ status, headers, body? }`, without the secrets it may repeat.
 *
 * @throws {FaultError} `refused_by_service`, `response_invalid`.
 */
export function readHttpAnswer(
  answer: ReadAnswer,
  method: HttpMethod,
  { verification }: Pick<ActionManifest, "verification">,
  { echo }: Pick<Credentials, "echo">,
): ProviderResult {
  const { status } = answer;
  const isExpected = verification.type === "status" && verification.statuses.includes(status);
  assertSuccess(status, method, isExpected);
  try {
    const body = readBody(answer, echo);
    const headers = pickHeaders(answer.headers);
    const output = { status, headers, ...(body !== undefined && { body }) };
    return { output: echo.inJson(output), status };
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    throw new FaultError({ ...error.fault, mayHaveActed: !isSafe(method) });
  }
}

/** @throws {FaultError} `refused_by_service`, `response_invalid`. */
export function assertSuccess(status: number, method: HttpMethod, isExpected: boolean): void {
  if (status >= 200 && status < 300) return;
  if (status >= 400) {
    // 4xx says that the request was not taken; after 5xx nobody knows how far it came.
    const mayHaveActed = status >= 500 && !isSafe(method);
    const message = `Expected success, got HTTP status ${status}.`;
    throw new FaultError({ code: "refused_by_service", message, status, mayHaveActed });
  }
  // A redirect is an answer too, where the manifest waits for it: 303 after a POST, for example.
  if (isExpected) return;
  throw new FaultError({
    code: "response_invalid",
    message: `Expected success, got HTTP status ${status}, which is not followed.`,
    mayHaveActed: !isSafe(method),
  });
}

function pickHeaders(headers: IncomingHttpHeaders): JsonObject {
  const picked = OUTPUT_HEADERS.flatMap((name) => {
    const value = headers[name];
    return typeof value === "string" ? [[name, value] as const] : [];
  });
  return Object.fromEntries(picked);
}

/** JSON and text by the content type, and anything else as base64. `undefined` where nothing came. */
export function readBody({ headers, body }: ReadAnswer, echo: EchoFilter): JsonValue | undefined {
  if (body.length === 0) return undefined;
  const type = headers["content-type"] ?? "";
  if (/^[^;]*[/+]json\s*(;|$)/i.test(type)) return parseJson(body);
  if (/^\s*(text\/|application\/(xml|x-www-form-urlencoded|javascript)|[^;]*\+xml)/i.test(type)) {
    return decodeText(body, type);
  }
  return echo.inBytes(body).toString("base64");
}

/** @throws {FaultError} `response_invalid`. */
function parseJson(body: Buffer): JsonValue {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as JsonValue;
  } catch {
    throw new FaultError({ code: "response_invalid", message: "Expected JSON, as was announced." });
  }
}

/** By the charset that the answer names, where it is one that is known. */
function decodeText(body: Buffer, type: string): string {
  const label = /charset="?([^\s";]+)/i.exec(type)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(label).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}
