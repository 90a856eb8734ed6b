import type { Pool } from "undici";

/**
 * One JSON call, lighter than fetch, so that the server is what is measured.
 *
 * @throws {Error} for any answer but success.
 */
export async function callJson<Answer>(
  pool: Pool,
  method: "GET" | "POST" | "PUT",
  path: string,
  { headers, body }: { readonly headers?: Record<string, string>; readonly body?: unknown } = {},
): Promise<Answer> {
  const response = await pool.request({
    method,
    path,
    headers: { ...headers, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (response.statusCode >= 300) {
    throw new Error(`${method} ${path}: ${response.statusCode} ${await response.body.text()}`);
  }
  return (await response.body.json()) as Answer;
}
