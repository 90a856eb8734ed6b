import type { JsonValue } from "@holdpoint/protocol";
import { LIMITS } from "@holdpoint/protocol";
import { HTTP_METHODS, type WasmProvider } from "@holdpoint/protocol/gate";
import { z } from "zod";
import type { ActionRun } from "../../../domain/gate/run.js";
import type { WasmModuleStore } from "../../../store/verbs/actions.js";
import { untilAborted } from "../../deadline.js";
import { type CallRules, callOut } from "../../egress/call.js";
import { isSafe } from "../../egress/faults.js";
import type { OutgoingCall } from "../../egress/transport.js";
import { FaultError, refuse } from "../../fault.js";
import { readHttpAnswer } from "../answer.js";
import { idempotencyHeaders } from "../http.js";
import type { Provider, ProviderResult } from "../provider.js";
import { limitMemory } from "./limit-memory.js";
import { moduleFailed, openSandbox, type Sandbox } from "./sandbox.js";

const PAGE_BYTES = 65_536;
const DEFAULT_PAGES = 256;

/**
 * Lets a module write the request, sends it as any other, and lets it read the answer, where it has
 * `finish`. The module sees the parameters and the answer, and neither secrets nor the idempotency key.
 */
export function createWasmProvider(modules: Pick<WasmModuleStore, "find">): Provider<"wasm"> {
  return async (provider, run, rules) => {
    const { projectId, manifest } = run.action;
    const bytes = await untilAborted(modules.find(projectId, provider.module), rules.signal);
    await using sandbox = openSandbox(limited(bytes, provider), {
      maxBytes: (provider.memory_pages ?? DEFAULT_PAGES) * PAGE_BYTES,
      maxOutputBytes: LIMITS.maxActionBytes,
      signal: rules.signal,
    });
    const call = await prepare(sandbox, run);
    const answer = await callOut(call, rules);
    const result = readHttpAnswer(answer, call.method, manifest, await rules.credentials());
    return await finish(sandbox, result, call, rules);
  };
}

function limited(bytes: Uint8Array | undefined, { memory_pages }: WasmProvider): Uint8Array {
  if (bytes === undefined)
    throw refuse("module_failed", "Expected the action's module to be there.");
  const module = limitMemory(bytes, memory_pages ?? DEFAULT_PAGES);
  if (module !== undefined) return module;
  throw refuse("module_failed", "Expected a module with one memory that fits the action's limit.");
}

/** @throws {FaultError} `module_failed` for what is no request. */
async function prepare(sandbox: Sandbox, run: ActionRun): Promise<OutgoingCall> {
  const { parameters } = run;
  const prepared = preparedSchema.safeParse(await sandbox.call("prepare", { parameters }));
  if (!prepared.success) throw refuse("module_failed", "Expected a request from the module.");
  const { method, url, headers = {}, body } = prepared.data;
  const bodyParts = body === undefined ? undefined : bodyOf(body as JsonValue);
  return {
    method,
    url: new URL(url),
    headers: {
      ...(bodyParts !== undefined && { "content-type": bodyParts.contentType }),
      ...lowerCased(headers),
      ...idempotencyHeaders(run),
    },
    ...(bodyParts !== undefined && { body: bodyParts.bytes }),
  };
}

/** What frames the message is the transport's, as in a manifest. */
const FRAMING =
  /^(connection|content-length|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect)$/i;

const preparedSchema = z.strictObject({
  method: z.enum(HTTP_METHODS),
  url: z.string().refine((text) => URL.canParse(text)),
  headers: z
    .record(
      z
        .string()
        .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/)
        .refine((name) => !FRAMING.test(name)),
      z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/),
    )
    .optional(),
  /** Text goes as it is, anything else as JSON. */
  body: z.unknown().optional(),
});

function bodyOf(body: JsonValue) {
  return typeof body === "string"
    ? { bytes: Buffer.from(body), contentType: "text/plain; charset=utf-8" }
    : { bytes: Buffer.from(JSON.stringify(body)), contentType: "application/json" };
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

/** What the service has done is done by now, whatever the module makes of the answer. */
async function finish(
  sandbox: Sandbox,
  { output, status }: ProviderResult,
  { method }: OutgoingCall,
  rules: CallRules,
): Promise<ProviderResult> {
  try {
    const finished = await sandbox.call("finish", output);
    const { echo } = await rules.credentials();
    const result = finished === undefined ? output : echo.inJson(finished);
    return { output: result, ...(status !== undefined && { status }) };
  } catch (error) {
    const fault = error instanceof FaultError ? error.fault : moduleFailed().fault;
    throw new FaultError({ ...fault, mayHaveActed: !isSafe(method) });
  }
}
