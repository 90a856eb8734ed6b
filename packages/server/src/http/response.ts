import type { ProblemError } from "../domain/problem.js";
import type { Answer } from "./operation.js";
import { problemBody, statusOf } from "./problem.js";

/** Headers of every answer that is data. */
const API_HEADERS = {
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
} as const;

export function headersOf({ body, headers }: Answer, traceId: string): Record<string, string> {
  return {
    ...API_HEADERS,
    "X-Trace-Id": traceId,
    ...(body !== undefined && { "Content-Type": "application/json" }),
    ...headers,
  };
}

export function toResponse(answer: Answer, traceId: string): Response {
  const { status, body, cookies = [] } = answer;
  const plain = headersOf(answer, traceId);
  const text = body === undefined ? null : JSON.stringify(body);
  if (cookies.length === 0) return new Response(text, { status, headers: plain });
  const headers = new Headers(plain);
  for (const cookie of cookies) headers.append("Set-Cookie", cookie);
  return new Response(text, { status, headers });
}

/** The answer to a call that failed. */
export function problemAnswer(problem: ProblemError, traceId: string): Answer {
  return {
    status: statusOf(problem.code),
    body: problemBody(problem, traceId),
    headers: { "Content-Type": "application/problem+json", ...problem.headers },
  };
}

export function problemResponse(problem: ProblemError, traceId: string): Response {
  return toResponse(problemAnswer(problem, traceId), traceId);
}
