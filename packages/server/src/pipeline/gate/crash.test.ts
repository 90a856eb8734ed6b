import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ActionManifest } from "@holdpoint/protocol/gate";
import { typeidUnboxed } from "typeid-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Service } from "../../gate/testing/service.js";
import { LeaseHolder } from "../../routes/testing/lease-holder.js";
import { codeOf, World } from "../../routes/testing/world.js";
import { refundManifest, SMALL } from "./testing/gate-world.js";

const PROGRAM = fileURLToPath(new URL("testing/crash.program.ts", import.meta.url));
const TIMEOUT_MS = 60_000;

let folder: string;
let service: Service;
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "holdpoint-gate-"));
  service = await Service.start();
});
afterEach(async () => {
  await kill();
  await service[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function kill(): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

const path = () => join(folder, "holdpoint.db");

/** Another process that is killed once its call has arrived at the service. */
async function dieWhileRunning(manifest: ActionManifest, call: object): Promise<void> {
  const flags = ["--conditions=@holdpoint/source", "--import", "tsx"];
  const given = JSON.stringify({ path: path(), manifest, call });
  const arrived = new Promise<void>((resolve) => {
    service.answer = () => resolve();
  });
  child = spawn(process.execPath, [...flags, PROGRAM, given], { stdio: "inherit" });
  await arrived;
  await kill();
}

describe("[P-GATE-ONCE] a control plane that is killed while an action runs", () => {
  it.each([
    ["leaves its outcome unknown, and never runs it again", {}, 1],
    [
      "runs it again where the receiver is given the same key",
      { idempotency: { header: "Idempotency-Key" } },
      2,
    ],
  ])("%s", { timeout: TIMEOUT_MS }, async (_, fields, runs) => {
    const manifest = refundManifest(service, fields);
    const call = { id: typeidUnboxed("req"), parameters: SMALL };
    await dieWhileRunning(manifest, call);
    service.answerJson(201, { id: "re_1" });

    const storage = { kind: "sqlite", path: path() } as const;
    await using world = await World.create({ storage, allowPrivateEgress: true });
    const agent = await LeaseHolder.create(world);
    const execute = () => agent.call("POST", "/v1/actions/refund/execute", call);
    expect(codeOf(await execute())).toBe("EXECUTION_CLAIMED");
    world.clock.advance(40_000);
    const outcome = runs === 1 ? "outcome_unknown" : "success";
    expect((await execute()).body).toMatchObject({ outcome });
    expect((await execute()).body).toMatchObject({ outcome, replayed: true });
    expect(service.calls).toHaveLength(runs);
    expect(new Set(service.calls.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
  });
});
