import { digestJson } from "../json.js";

const encoder = new TextEncoder();

/** What the next step names a step by: `sha256:<hex>` of its compact JWS, signature and all. */
export async function digestStep(jws: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", encoder.encode(jws));
  return `sha256:${Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** What a step names terms, a result or a reason by: `sha256:<hex>` of its canonical JSON. */
export async function digestContent(value: unknown): Promise<string> {
  return `sha256:${await digestJson(value)}`;
}
