/**
 * `fetch` over a Unix socket, as far as this client uses it: a text is sent, the answer is read whole,
 * redirects are not followed. No library fits: the runtime's own `fetch` takes another connection only
 * from a copy of undici, which is eight times as large as this client.
 *
 * Node's own module is asked for, not imported, so that bundlers for other runtimes find nothing.
 */
export async function socketFetch(
  socketPath: string,
  input: string | URL | Request,
  { method = "GET", headers, body, signal }: RequestInit = {},
): Promise<Response> {
  const http = globalThis.process?.getBuiltinModule?.("node:http");
  if (http === undefined) throw new TypeError("Unix sockets need Node.js 20.19 or later.");
  const url = new URL(String(input));
  return new Promise<Response>((resolve, reject) => {
    const options = {
      socketPath,
      method,
      path: `${url.pathname}${url.search}`,
      headers: { host: url.host, ...Object.fromEntries(new Headers(headers)) },
      signal: signal ?? undefined,
    };
    const fail = (cause: unknown) => reject(new TypeError("fetch failed", { cause }));
    const request = http.request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", fail);
      response.on("end", () => resolve(toResponse(response, Buffer.concat(chunks))));
    });
    request.on("error", fail);
    request.end(typeof body === "string" ? body : undefined);
  });
}

interface Received {
  readonly statusCode?: number | undefined;
  readonly rawHeaders: readonly string[];
}

function toResponse({ statusCode = 502, rawHeaders }: Received, body: Uint8Array<ArrayBuffer>) {
  const headers = new Headers();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    headers.append(String(rawHeaders[index]), String(rawHeaders[index + 1]));
  }
  // These come without a body by definition, and a response with one is refused.
  const isEmpty = [204, 205, 304].includes(statusCode);
  return new Response(isEmpty ? null : body, { status: statusCode, headers });
}
