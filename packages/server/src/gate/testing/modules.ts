import { createHash } from "node:crypto";
import createWabt from "wabt";

/** What modules import of the host: memory that it keeps for them, byte by byte. */
const HOST = `
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_load_u8" (func $input_load (param i64) (result i32)))
  (import "extism:host/env" "store_u8" (func $store (param i64 i32)))
  (import "extism:host/env" "output_set" (func $output (param i64 i64)))
  (import "extism:host/env" "http_request" (func $http (param i64 i64) (result i64)))
  (import "extism:host/env" "config_get" (func $config (param i64) (result i64)))
  (func $say (param $from i32) (param $length i32) (result i32)
    (local $block i64) (local $at i32)
    (local.set $block (call $alloc (i64.extend_i32_u (local.get $length))))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $at) (local.get $length)))
      (call $store
        (i64.add (local.get $block) (i64.extend_i32_u (local.get $at)))
        (i32.load8_u (i32.add (local.get $from) (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $next)))
    (call $output (local.get $block) (i64.extend_i32_u (local.get $length)))
    (i32.const 0))
  (func $echo (result i32)
    (local $block i64) (local $at i64) (local $length i64)
    (local.set $length (call $input_length))
    (local.set $block (call $alloc (local.get $length)))
    (block $done (loop $next
      (br_if $done (i64.ge_u (local.get $at) (local.get $length)))
      (call $store
        (i64.add (local.get $block) (local.get $at))
        (call $input_load (local.get $at)))
      (local.set $at (i64.add (local.get $at) (i64.const 1)))
      (br $next)))
    (call $output (local.get $block) (local.get $length))
    (i32.const 0))`;

export interface BuiltModule {
  readonly bytes: Uint8Array;
  readonly digest: string;
}

/**
 * A module from the text of its functions, in which `$say` returns some of its memory, and `$echo`
 * what it was given.
 *
 * @param parts.memory - Default one page.
 */
export async function buildModule(
  functions: string,
  parts: { readonly imports?: string; readonly memory?: string; readonly says?: unknown } = {},
): Promise<BuiltModule> {
  const { imports = "", memory = '(memory (export "memory") 1)', says } = parts;
  const text = says === undefined ? "" : JSON.stringify(says);
  const data = text === "" ? "" : `(data (i32.const 0) ${JSON.stringify(text)})`;
  const length = Buffer.byteLength(text);
  const body = functions.replaceAll("$LENGTH", String(length));
  const source = `(module ${imports} ${HOST} ${memory} ${data} ${body})`;
  const wabt = await createWabt();
  const parsed = wabt.parseWat("module.wat", source);
  const bytes = new Uint8Array(parsed.toBinary({}).buffer);
  parsed.destroy();
  return { bytes, digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}` };
}

/** `prepare` that always wants the same. */
export const SAYS =
  '(func (export "prepare") (result i32) (call $say (i32.const 0) (i32.const $LENGTH)))';
