import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { WireRequest } from "@holdpoint/protocol";
import { expect, onTestFinished, test } from "vitest";
import { openDesk } from "../../examples/gate/desk.js";
import { listActions, POLICY } from "../../examples/gate/rules.js";
import { type Child, startChild } from "../harness/child.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { createFolder } from "../harness/folder.js";
import { canIsolate, startIsolated } from "../harness/isolated.js";

const TOKEN = "desk-token-that-nobody-but-the-gate-may-know";

async function setUp(holdpoint: ServedControlPlane, deskUrl: string): Promise<string> {
  const put = async (path: string, body: object) => {
    const response = await holdpoint.operate(path, { method: "PUT", body: JSON.stringify(body) });
    expect(response.status, await response.clone().text()).toBeLessThan(300);
  };
  for (const manifest of listActions(deskUrl)) await put(`/v1/actions/${manifest.id}`, manifest);
  await put("/v1/secrets/DESK_TOKEN", { value: TOKEN });
  await put("/v1/policies", { text: POLICY, base_revision: 0 });
  const body = JSON.stringify({ agent: "desk-bot" });
  const enrolment = await holdpoint.operate("/v1/enrolments", { method: "POST", body });
  return ((await enrolment.json()) as { code: string }).code;
}

async function hear<Line>(agent: Child): Promise<Line> {
  return JSON.parse(await agent.nextLine()) as Line;
}

/** Every file of a folder, as one text to search in. */
async function readAll(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  const texts = files.map((entry) => readFile(join(entry.parentPath, entry.name), "latin1"));
  return (await Promise.all(texts)).join("\n");
}

test(`[S-GATE] [G7] an agent with a key and a socket, ${canIsolate ? "without any network" : "whose network this machine cannot take away"}, works, is held, denied and stopped, and a stranger can verify every step`, {
  timeout: 120_000,
}, async () => {
  await using folder = await createFolder();
  const desk = await openDesk(TOKEN);
  onTestFinished(() => desk.close());
  const socketPath = join(folder.path, "gate.sock");
  await using holdpoint = await serveControlPlane({
    storage: { kind: "sqlite", path: join(folder.path, "holdpoint.db") },
    allowPrivateEgress: true,
    socketPath,
  });
  const code = await setUp(holdpoint, desk.url);
  await using agent = startIsolated("gate/agent.program.ts", {
    DESK_URL: desk.url,
    ENROLMENT_CODE: code,
    HOLDPOINT_SOCKET: socketPath,
  });
  const ask = (action: string, parameters: object) =>
    agent.process.stdin?.write(`${JSON.stringify({ action, parameters })}\n`);

  // It cannot get at the desk, by network or by right.
  expect(await hear(agent)).toEqual({
    desk: canIsolate ? "unreachable" : 401,
    environment: ["DESK_URL", "ENROLMENT_CODE", "HOLDPOINT_SOCKET", "PATH"],
  });
  expect(await hear(agent)).toEqual({ actions: ["open-ticket", "refund"] });

  ask("open-ticket", { title: "The printer is out of paper" });
  const opened = await hear<Answer>(agent);
  expect(opened).toMatchObject({
    fullySuccessful: true,
    output: { status: 201, body: { id: "T-1", title: "The printer is out of paper" } },
  });

  ask("open-ticket", { title: "URGENT: nothing works" });
  const { held } = await hear<{ held: string }>(agent);
  const request = (await (await holdpoint.operate(`/v1/requests/${held}`)).json()) as WireRequest;
  expect(request).toMatchObject({
    service: "gate",
    action: "open-ticket",
    role: "approver",
    policy: { verdict: "hold", policies: ["urgent-tickets"], reason: "Somebody is woken by it." },
  });
  await holdpoint.decide(held, {
    decision: "approve",
    patched_payload: { title: "Nothing works on the second floor" },
  });
  const approved = await hear<Answer>(agent);
  expect(approved).toMatchObject({ id: held, output: { body: { id: "T-2" } } });

  ask("refund", { amount_minor: 1_000_000 });
  expect(await hear(agent)).toEqual({ code: "ACTION_DENIED" });

  const freeze = JSON.stringify({ frozen: true, reason: "Enough for today." });
  await holdpoint.operate("/v1/authority", { method: "PUT", body: freeze });
  ask("open-ticket", { title: "One more" });
  expect(await hear(agent)).toEqual({ code: "AUTHORITY_FROZEN" });
  expect(desk.tickets.map(({ title }) => title)).toEqual([
    "The printer is out of paper",
    "Nothing works on the second floor",
  ]);

  // A stranger gets files and keys, and asks nobody.
  const keys = join(folder.path, "keys.json");
  const checkpoint = join(folder.path, "checkpoint");
  const ledger = join(folder.path, "ledger.jsonl");
  const read = async (path: string) => (await holdpoint.operate(path)).text();
  const { data } = JSON.parse(await read("/v1/receipts?limit=1000")) as List;
  await writeFile(keys, await read("/.well-known/jwks.json"));
  await writeFile(checkpoint, await read("/v1/log/checkpoint"));
  await writeFile(ledger, data.map((receipt) => `${JSON.stringify(receipt)}\n`).join(""));
  expect(new Set(data.map(({ jws }) => typeOf(jws)))).toEqual(
    new Set([
      ...["action.registered", "policy.changed", "agent.enrolled", "lease.issued"],
      ...["request.created", "request.approved", "request.rejected"],
      ...["execution.claimed", "execution.committed", "authority.frozen"],
    ]),
  );
  const given = ["verify", ledger, "--keys", keys, "--checkpoint", checkpoint, "--complete"];
  await using verify = startChild("../packages/cli/src/bin.ts", {}, [...given, "--json"]);
  expect(JSON.parse(await verify.nextLine())).toMatchObject({ receipts: data.length });
  expect(await verify.ended, verify.errors()).toBe(0);

  // The token is in no file of the control plane, in no answer and in no line of its log.
  const kept = await readAll(folder.path);
  expect(kept).not.toContain(TOKEN);
  expect(kept).not.toContain(Buffer.from(TOKEN).toString("base64"));
  expect(holdpoint.log.join("\n")).not.toContain(TOKEN);
  expect(agent.errors()).not.toContain(TOKEN);
});

interface List {
  readonly data: readonly { readonly id: string; readonly jws: string; readonly index: number }[];
}

interface Answer {
  readonly id: string;
  readonly output: unknown;
  readonly fullySuccessful: boolean;
  readonly receiptId: string;
}

function typeOf(jws: string): string {
  const payload = Buffer.from(jws.split(".")[1] ?? "", "base64url").toString();
  return (JSON.parse(payload) as { type: string }).type;
}
