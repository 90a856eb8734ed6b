import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BuiltModule, buildModule, SAYS } from "../../testing/modules.js";
import { manifestFor, RunnerWorld } from "../../testing/runner.js";
import { Service } from "../../testing/service.js";

let service: Service;
let world: RunnerWorld;
beforeEach(async () => {
  service = await Service.start();
  world = new RunnerWorld();
});
afterEach(async () => {
  await world.runner.close();
  await service[Symbol.asyncDispose]();
});

function moduleManifest({ bytes, digest }: BuiltModule, rest: object = {}, provider: object = {}) {
  world.modules.set(digest, bytes);
  const egress = {
    domains: ["127.0.0.1"],
    ports: [service.port],
    methods: ["POST", "GET"] as const,
    allow_private: true,
  };
  const wasm = { type: "wasm", module: digest, ...provider } as const;
  return manifestFor(service, {}, { egress, provider: wasm, ...rest });
}

const request = (fields: object = {}) => ({
  method: "POST",
  url: `${service.origin}/from-module`,
  headers: { "X-Module": "yes" },
  body: { a: 1 },
  ...fields,
});

describe("a module", () => {
  it("writes the request, which goes out with the secrets that it never sees", async () => {
    world.secrets.set("TOKEN", "canary-5f1c9e");
    const built = await buildModule(SAYS, { says: request() });
    const secrets = [{ name: "TOKEN", header: "authorization" }];
    const idempotency = { header: "idempotency-key" };
    const manifest = moduleManifest(built, { secrets, idempotency });
    expect(await world.run(manifest)).toMatchObject({
      outcome: "success",
      output: { status: 200, body: { ok: true } },
    });
    expect(service.calls).toMatchObject([
      {
        method: "POST",
        path: "/from-module",
        body: '{"a":1}',
        headers: {
          authorization: "canary-5f1c9e",
          "content-type": "application/json",
          "idempotency-key": "exe_1",
          "x-module": "yes",
        },
      },
    ]);
  });

  it("is given the parameters", async () => {
    const built = await buildModule('(func (export "prepare") (result i32) (call $echo))');
    // What it gives back is what it was given, which is no request.
    expect(await world.run(moduleManifest(built), request())).toMatchObject({
      outcome: "failed",
      fault: { code: "module_failed" },
    });
  });

  it("reads the answer, where it has a function for it", async () => {
    const finish = '(func (export "finish") (result i32) (call $echo))';
    const built = await buildModule(`${SAYS} ${finish}`, { says: request() });
    service.answerJson(201, { id: 7 });
    expect(await world.run(moduleManifest(built))).toMatchObject({
      outcome: "success",
      output: { status: 201, body: { id: 7 } },
    });
  });

  it("that breaks while it reads the answer leaves the outcome unknown", async () => {
    const finish = '(func (export "finish") (result i32) (unreachable))';
    const built = await buildModule(`${SAYS} ${finish}`, { says: request() });
    expect(await world.run(moduleManifest(built))).toMatchObject({
      outcome: "outcome_unknown",
      fault: { code: "module_failed" },
    });
    expect(service.calls).toHaveLength(1);
  });

  it.each<[string, object]>([
    ["another host", { url: "https://elsewhere.example/" }],
    ["another method", { method: "DELETE" }],
    ["a user name in the URL", { url: "http://ada:x@127.0.0.1/" }],
  ])("may not go to %s", async (_name, fields) => {
    const built = await buildModule(SAYS, { says: request(fields) });
    expect(await world.run(moduleManifest(built))).toMatchObject({
      outcome: "failed",
      fault: { code: "egress_refused" },
    });
    expect(service.calls).toEqual([]);
  });

  it.each<[string, object]>([
    ["a header of the transport's own", { headers: { Host: "elsewhere.example" } }],
    ["a header with a line break", { headers: { a: "b\r\nc: d" } }],
    ["no URL", { url: "nonsense" }],
    ["a method that is none", { method: "TRACE" }],
    ["more than a request", { secrets: ["TOKEN"] }],
  ])("may not ask for %s", async (_name, fields) => {
    const built = await buildModule(SAYS, { says: request(fields) });
    expect(await world.run(moduleManifest(built))).toMatchObject({
      outcome: "failed",
      fault: { code: "module_failed" },
    });
    expect(service.calls).toEqual([]);
  });
});

describe("[P-GATE-SANDBOX] a module that misbehaves", () => {
  const failing = { outcome: "failed", fault: { code: "module_failed" } };

  it("in a loop without end is stopped when the action's time is up", async () => {
    const built = await buildModule(
      '(func (export "prepare") (result i32) (loop $l (br $l)) (i32.const 0))',
    );
    const run = world.run(moduleManifest(built, { timeout_ms: 5_000 }));
    await new Promise((resolve) => setImmediate(resolve));
    world.clock.advance(5_000);
    expect(await run).toMatchObject({ outcome: "failed", fault: { code: "timeout" } });
  });

  it("by growing its memory is refused the page after the last", async () => {
    const grow = `(func (export "prepare") (result i32)
      (if (i32.eq (memory.grow (i32.const 4)) (i32.const -1)) (then (unreachable)))
      (call $say (i32.const 0) (i32.const $LENGTH)))`;
    const built = await buildModule(grow, { says: request() });
    expect(await world.run(moduleManifest(built, {}, { memory_pages: 4 }))).toMatchObject(failing);
    expect(await world.run(moduleManifest(built, {}, { memory_pages: 5 }))).toMatchObject({
      outcome: "success",
    });
  });

  it("by starting with more memory than it may have does not start", async () => {
    const memory = '(memory (export "memory") 300)';
    const built = await buildModule(SAYS, { says: request(), memory });
    expect(await world.run(moduleManifest(built))).toMatchObject(failing);
  });

  it("by filling the memory of its host is stopped", async () => {
    const fill = `(func (export "prepare") (result i32)
      (loop $l (drop (call $alloc (i64.const 1048576))) (br $l)) (i32.const 0))`;
    const built = await buildModule(fill);
    expect(await world.run(moduleManifest(built))).toMatchObject(failing);
  });

  it("by calling out itself is stopped, and nothing goes out", async () => {
    const reach = `(func (export "prepare") (result i32)
      (local $block i64)
      (drop (call $say (i32.const 0) (i32.const $LENGTH)))
      (drop (call $http (i64.const 281474976710656) (i64.const 0)))
      (i32.const 0))`;
    const built = await buildModule(reach, { says: request() });
    expect(await world.run(moduleManifest(built))).toMatchObject(failing);
    expect(service.calls).toEqual([]);
  });

  it.each([
    [
      "a clock",
      '(import "wasi_snapshot_preview1" "clock_time_get" (func (param i32 i64 i32) (result i32)))',
    ],
    ["files", '(import "wasi_snapshot_preview1" "path_open" (func (param i32) (result i32)))'],
    ["the environment", '(import "env" "environ_get" (func (param i32) (result i32)))'],
  ])("by importing %s does not start", async (_name, imports) => {
    const built = await buildModule(SAYS, { says: request(), imports });
    expect(await world.run(moduleManifest(built))).toMatchObject(failing);
    expect(service.calls).toEqual([]);
  });

  it("by being none does not start", async () => {
    const bytes = new TextEncoder().encode("not a module, but long enough to look like one");
    expect(await world.run(moduleManifest({ bytes, digest: "sha256:00" }))).toMatchObject(failing);
  });

  it("by not being there does not start", async () => {
    const built = await buildModule(SAYS, { says: request() });
    const manifest = moduleManifest(built);
    world.modules.clear();
    expect(await world.run(manifest)).toMatchObject(failing);
  });
});
