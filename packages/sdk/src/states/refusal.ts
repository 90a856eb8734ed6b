import {
  errorFromResponse,
  type HoldpointError,
  invalidResponse,
  parseProblem,
  UnavailableError,
  ValidationError,
} from "../core.js";

/** What a storage host's refusal means. Its body is read no further than a problem is long. */
export async function refusalOf(response: Response, host: string): Promise<HoldpointError> {
  const { status } = response;
  const text = await readStart(response);
  const body = parseJson(text);
  if (parseProblem(body) !== undefined) return errorFromResponse({ status, body });
  if (status === 411) {
    return new ValidationError({
      code: "VALIDATION_FAILED",
      message: `Expected a length, which ${host} wants before the bytes. Pass sizeBytes with a stream. Nothing was kept.`,
      status,
    });
  }
  if (status === 429 || status >= 500) {
    const message = `Expected ${host} to take or give the state, got HTTP ${status}. Try again later.`;
    return new UnavailableError({ code: "UNAVAILABLE", message, status });
  }
  return invalidResponse(`Expected ${host} to take or give the state, got HTTP ${status}`, {
    status,
  });
}

const PROBLEM_BYTES = 16_384;

async function readStart(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    while (reader && text.length < PROBLEM_BYTES) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // The status says enough.
  }
  await reader?.cancel().catch(() => {});
  return text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
