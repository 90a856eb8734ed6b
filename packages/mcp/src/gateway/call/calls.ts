import { randomUUID } from "node:crypto";
import {
  type CallToolResult,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { digestCall } from "../../server/call-key.js";
import { SessionCalls } from "../../server/session-calls.js";
import type { OfferedTool } from "../catalog.js";
import { ApprovedRuns, type Finished } from "./approved.js";
import type { Arguments, CallsOptions, HeldCall } from "./options.js";
import { createProgress } from "./progress.js";
import { gateBefore } from "./request.js";
import { describeFailure, isOver, refusal } from "./text.js";

const DEFAULT_TIMEOUT_MS = 86_400_000;

/** Runs the calls of a client: as the policy says, and what people decide once they have. */
export class Calls {
  readonly #options: CallsOptions;
  readonly #open = new SessionCalls();
  readonly #approved: ApprovedRuns;

  constructor(options: CallsOptions) {
    this.#options = options;
    this.#approved = new ApprovedRuns(options);
  }

  /**
   * Calls a tool.
   *
   * @throws {ProtocolError} there is no such tool, or what the server answers in place of a result.
   * @throws the client's reason, when it cancels.
   */
  async call(name: string, args: Arguments, context: ServerContext): Promise<CallToolResult> {
    const offered = await this.#options.catalog.find(name);
    if (offered === undefined) {
      throw unknownTool(name, this.#options.catalog.away);
    }
    try {
      return offered.verdict === "ask"
        ? await this.#ask(offered, args, context)
        : await this.#runUnasked(offered, args, context);
    } catch (error) {
      if (context.mcpReq.signal.aborted || error instanceof ProtocolError) throw error;
      return describeFailure(name, error);
    }
  }

  /**
   * Waits for the answer to a request and runs what was approved: once, in whichever process, with
   * the same result for all who ask.
   *
   * @throws the client's reason, when it cancels.
   */
  async check(requestId: string, context: ServerContext): Promise<CallToolResult> {
    const { signal } = context.mcpReq;
    let name = requestId;
    try {
      const request = await this.#options.holdpoint.requests.get(requestId, { signal });
      name = `${request.service} / ${request.action}`;
      const held = { id: request.id, url: request.url, name };
      return (await this.#finish(held, context)).result;
    } catch (error) {
      if (signal.aborted) throw error;
      return describeFailure(name, error);
    }
  }

  /** Waits for what runs under approvals, so that its results are on record. */
  async drain(): Promise<void> {
    await this.#approved.drain();
  }

  async #runUnasked(
    offered: OfferedTool,
    args: Arguments,
    context: ServerContext,
  ): Promise<CallToolResult> {
    const { tool, upstream } = offered;
    const { runId } = this.#options;
    const { onProgress } = createProgress(context);
    const call = { tool: tool.name, args, toolCallId: randomUUID(), runId };
    const outcome = await gateBefore(this.#options, offered).run(
      { ...call, signal: context.mcpReq.signal },
      (_, { signal }) => upstream.call({ tool, args, signal, onProgress }),
    );
    return outcome.type === "ran" ? outcome.result : refusal(outcome.text);
  }

  /** Puts the question; the same call, made again before its answer is out, finds it. */
  async #ask(
    offered: OfferedTool,
    args: Arguments,
    context: ServerContext,
  ): Promise<CallToolResult> {
    const { tool, upstream } = offered;
    const { runId } = this.#options;
    const { signal } = context.mcpReq;
    const digest = digestCall({ service: upstream.name, action: tool.name, payload: args });
    const timeoutMs = upstream.server.timeout_ms ?? DEFAULT_TIMEOUT_MS;
    const toolCallId = this.#open.keyFor(digest, timeoutMs);
    const call = { tool: tool.name, args, toolCallId, runId, schema: tool.inputSchema, signal };
    const gate = gateBefore(this.#options, offered);
    const { id, url } = await gate.hold(call);
    this.#open.made(digest, id);
    const held = { id, url, name: gate.nameOf(call) };
    const { result, isFinal } = await this.#finish(held, context);
    // A client that knows of an output schema takes a result without its data only as an error.
    return isFinal || !tool.outputSchema ? result : { ...result, isError: true };
  }

  /** From a question to what became of it, as far as it gets in the time a client gives a call. */
  async #finish(held: HeldCall, context: ServerContext): Promise<Finished> {
    try {
      const finished = await this.#approved.finish(held, context);
      // The client has its answer, and the same call made anew is another question.
      if (finished.isFinal) this.#open.settle(held.id);
      return finished;
    } catch (error) {
      if (isOver(error)) this.#open.settle(held.id);
      throw error;
    }
  }
}

function unknownTool(name: string, away: readonly string[]): ProtocolError {
  const hint = away.length > 0 ? ` Servers that do not answer: ${away.join(", ")}.` : "";
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `Tool ${name} not found.${hint}`);
}
