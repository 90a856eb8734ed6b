import { FaultError } from "../../fault.js";
import { loadMcpClient } from "./library.js";

/** Codes of JSON-RPC with which a server says that it has not begun (JSON-RPC 2.0 §5.1). */
const NOT_BEGUN = new Set([-32_700, -32_600, -32_601, -32_602]);

/**
 * What happened to a call over MCP, as one of our own words.
 *
 * @param where.isCalled - Whether the tool was being called: only then may it have acted.
 */
export async function mcpFaultOf(
  error: unknown,
  { signal, isCalled }: { readonly signal: AbortSignal; readonly isCalled: boolean },
): Promise<FaultError> {
  if (error instanceof FaultError) {
    return new FaultError({ ...error.fault, mayHaveActed: isCalled && error.mayHaveActed });
  }
  if (signal.aborted && signal.reason instanceof FaultError) {
    return new FaultError({ ...signal.reason.fault, mayHaveActed: isCalled });
  }
  const { ProtocolError, SdkHttpError } = await loadMcpClient();
  if (error instanceof ProtocolError) {
    const mayHaveActed = isCalled && !NOT_BEGUN.has(error.code);
    return new FaultError({
      code: "tool_failed",
      message: "Expected the tool to answer.",
      mayHaveActed,
    });
  }
  if (error instanceof SdkHttpError && error.status >= 400) {
    const { status } = error;
    const message = `Expected success, got HTTP status ${status}.`;
    const mayHaveActed = isCalled && status >= 500;
    return new FaultError({ code: "refused_by_service", message, status, mayHaveActed });
  }
  return new FaultError({
    code: "response_invalid",
    message: "Expected an answer of the Model Context Protocol.",
    mayHaveActed: isCalled,
  });
}
