import { createHash } from "node:crypto";
import { createWasmModuleSchema, wasmModuleSchema } from "@holdpoint/protocol/schemas";
import { ProblemError } from "../../domain/problem.js";
import { operation } from "../../http/operation.js";
import { wireTime } from "../time.js";

export const createWasmModuleOperation = operation({
  id: "createWasmModule",
  tag: "Gate",
  method: "post",
  path: "/v1/wasm-modules",
  audience: { operator: "admin" },
  summary: "Keep a WebAssembly module for actions",
  description:
    "Manifests name it by its digest. It is kept once, however often it is sent, and never changes.",
  body: createWasmModuleSchema,
  example: { module: "AGFzbQEAAAA=" },
  responses: { 201: { description: "The module.", schema: wasmModuleSchema } },
  async handle({ context: { store, clock }, caller, body }) {
    const bytes = Buffer.from(body.module, "base64");
    assertModule(bytes);
    const module = await store.wasmModules.put({
      projectId: caller.projectId,
      digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`,
      createdAt: clock.now(),
      bytes,
    });
    if (module === "too_many") throw tooManyModules();
    const { digest, createdAt } = module;
    const created_at = wireTime(createdAt);
    return { status: 201, body: { digest, size_bytes: bytes.byteLength, created_at } };
  },
});

/** @see WebAssembly Core Specification 2.0 §5.5.16: every module begins so. */
const PREAMBLE = Buffer.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

/** A look at its beginning only: compiling what strangers wrote is for the sandbox. */
function assertModule(bytes: Buffer): void {
  if (bytes.subarray(0, PREAMBLE.length).equals(PREAMBLE)) return;
  const message = "Expected a WebAssembly module in its binary format, version 1.";
  throw new ProblemError({
    code: "VALIDATION_FAILED",
    detail: `/module: ${message}`,
    issues: [{ path: "/module", message }],
  });
}

function tooManyModules(): ProblemError {
  return new ProblemError({
    code: "RESOURCE_CONFLICT",
    detail: "Expected at most 200 modules of one project. Put several actions into one.",
  });
}
