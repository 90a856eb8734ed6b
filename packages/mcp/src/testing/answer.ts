import type { CallToolResult } from "@modelcontextprotocol/client";

/** The parts of a tool's answer that tests look at. */
export interface ReadAnswer {
  readonly text: string;
  readonly isError: boolean;
  readonly data: Record<string, unknown> | undefined;
}

export function readAnswer(result: unknown): ReadAnswer {
  const { content, isError = false, structuredContent } = result as CallToolResult;
  const [first] = content;
  if (first?.type !== "text") throw new Error("Expected a text.");
  return { text: first.text, isError, data: structuredContent as Record<string, unknown> };
}

/** A question as tests ask it. */
export const REFUND = {
  service: "billing",
  action: "refund",
  payload: { order: "o_7", amount: 12_500 },
};
