import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createDatabase, startPostgres } from "@holdpoint/test-postgres";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import type { ControlPlane } from "../control-plane.js";
import {
  admit,
  type Call,
  callsTo,
  draft,
  LiveStream,
  openReplica,
  type People,
} from "./testing/replica.js";

const PROGRAM = fileURLToPath(new URL("replica.program.ts", import.meta.url));

let url: string;
let planes: ControlPlane[];
let calls: readonly [Call, Call];
let people: People;
beforeEach(async () => {
  url = await createDatabase(inject("postgres"));
  planes = await Promise.all([openReplica(url), openReplica(url)]);
  const [first, second] = planes as [ControlPlane, ControlPlane];
  people = await admit(first);
  calls = [callsTo(first), callsTo(second)];
});
afterEach(() => Promise.all(planes.map((plane) => plane.close())));

/** Makes a request on the first replica and gives its id. */
async function ask(fields: object = {}, call: Call = calls[0]): Promise<string> {
  const body = draft(fields);
  const response = await call("POST", "/v1/requests", people.agent, body);
  expect(response.status).toBe(201);
  return body.id;
}

function decide(call: Call, id: string): Promise<Response> {
  return call("POST", `/v1/requests/${id}/decision`, people.admin, {
    decision: "approve",
    revision: 1,
  });
}

describe("[P-REPLICAS] two control planes on one PostgreSQL", () => {
  it("wakes an agent that waits on the other, long before that one looks for itself", async () => {
    const delays: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const id = await ask();
      const answer = calls[1]("GET", `/v1/requests/${id}?wait_ms=25000`, people.agent);
      await held(1);
      expect((await decide(calls[0], id)).status).toBe(200);
      const decidedAt = performance.now();
      expect(await (await answer).json()).toMatchObject({ status: "APPROVED" });
      delays.push(performance.now() - decidedAt);
    }
    // It looks every 15 seconds.
    expect(delays.toSorted((one, other) => one - other)[10]).toBeLessThan(5_000);
  });

  it("streams the events of both, in order, each once, while both write", {
    timeout: 60_000,
  }, async () => {
    const stream = new LiveStream(await calls[1]("GET", "/v1/events", people.admin));
    expect(await stream.next()).toMatchObject({ type: "ready" });
    const writing = Promise.all(
      Array.from({ length: 400 }, async (_, index) => {
        const call = calls[index % 2] as Call;
        const id = await ask({}, call);
        if (index % 4 < 2) expect((await decide(calls[1], id)).status).toBe(200);
      }),
    );
    const seen: number[] = [];
    while (seen.length < 600) seen.push((await stream.next()).id);
    await writing;
    expect(seen).toEqual(seen.toSorted((one, other) => one - other));
    expect(new Set(seen).size).toBe(600);
    await stream.cancel();
  });

  it("expires each request once", { timeout: 60_000 }, async () => {
    const stream = new LiveStream(await calls[1]("GET", "/v1/events", people.admin));
    const ids = await Promise.all(
      Array.from({ length: 200 }, (_, index) => ask({ timeout_ms: 1_000 }, calls[index % 2])),
    );
    let expired = 0;
    while (expired < 200) {
      if ((await stream.next()).type === "request.expired") expired += 1;
    }
    for (const id of ids) {
      const response = await calls[0]("GET", `/v1/requests/${id}/events`, people.admin);
      const { data } = (await response.json()) as { data: { type: string }[] };
      expect(data.map(({ type }) => type)).toEqual(["request.created", "request.expired"]);
    }
    await stream.cancel();
  });

  it("expires what a closed one has taken in", async () => {
    const stream = new LiveStream(await calls[1]("GET", "/v1/events", people.admin));
    await ask({ timeout_ms: 1_000 });
    await planes[0]?.close();
    while ((await stream.next()).type !== "request.expired");
    await stream.cancel();
  });

  it("decides a request once when both are asked to", async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => ask()));
    for (const id of ids) {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) => decide(calls[index % 2] as Call, id)),
      );
      const statuses = answers.map(({ status }) => status).toSorted();
      expect(statuses).toEqual([200, ...Array(9).fill(409)]);
    }
  });

  it("refuses on one what was revoked on the other, also to a call that is held", async () => {
    const id = await ask();
    const answer = calls[1]("GET", `/v1/requests/${id}?wait_ms=25000`, people.agent);
    await held(1);
    const { body } = await json(calls[0]("GET", "/v1/api-keys", people.admin));
    const keyId = (body as { data: { id: string }[] }).data[0]?.id;
    const revoked = await calls[0]("POST", `/v1/api-keys/${keyId}/revoke`, people.admin);
    expect(revoked.status).toBe(200);
    expect((await calls[1]("GET", `/v1/requests/${id}`, people.agent)).status).toBe(401);
    expect((await decide(calls[0], id)).status).toBe(200);
    expect((await answer).status).toBe(401);
  });

  it("starts several at once on an empty database", async () => {
    const empty = await createDatabase(inject("postgres"));
    const started = await Promise.all(Array.from({ length: 3 }, () => openReplica(empty)));
    planes.push(...started);
    const admitted = await Promise.all(started.map(admit));
    expect(new Set(admitted.map(({ projectId }) => projectId)).size).toBe(1);
    for (const plane of started) {
      const ready = await plane.fetch(new Request("http://localhost/readyz"));
      expect(ready.status).toBe(200);
    }
  });

  it("loses nothing acknowledged when one is killed in the middle of its work", {
    timeout: 60_000,
  }, async () => {
    const flags = ["--conditions=@holdpoint/source", "--import", "tsx"];
    const child = spawn(process.execPath, [...flags, PROGRAM, url, people.agent, people.admin], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    const said: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      said.push(line);
      if (said.length === 300) child.kill("SIGKILL");
    }
    await ended;
    const done = new Map<string, string>();
    for (const line of said) {
      const [, id, status] = /^(\S+) ([A-Z]+)\.$/.exec(line) ?? [];
      if (id && status) done.set(id, status);
    }
    expect(done.size).toBeGreaterThan(100);
    for (const [id, status] of done) {
      const { body } = await json(calls[0]("GET", `/v1/requests/${id}`, people.admin));
      const standing = (body as { status?: string }).status;
      // The last decision may be there without anybody having been told.
      expect(status === "PENDING" ? ["PENDING", "APPROVED"] : ["APPROVED"]).toContain(standing);
      // What it left open is decided by the others.
      if (standing === "PENDING") expect((await decide(calls[1], id)).status).toBe(200);
    }
  });
});

async function json(answer: Promise<Response>): Promise<{ status: number; body: unknown }> {
  const response = await answer;
  return { status: response.status, body: await response.json() };
}

/** Resolves when a call is held on a replica. */
async function held(on: 0 | 1): Promise<void> {
  for (;;) {
    const metrics = await (await calls[on]("GET", "/metrics", "none")).text();
    if (/^holdpoint_pending_waiters [1-9]/m.test(metrics)) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

it("[P-REPLICAS] comes back by itself when the database is restarted under load, and loses nothing", {
  timeout: 60_000,
}, async () => {
  await using server = await startPostgres();
  const database = await server.createDatabase();
  const pair = await Promise.all([openReplica(database), openReplica(database)]);
  planes.push(...pair);
  const someone = await admit(pair[0] as ControlPlane);
  const [one, other] = pair.map((plane) => callsTo(plane)) as [Call, Call];
  const acknowledged = new Set<string>();
  const statuses = new Set<number>();
  let stopping = false;
  const work = async (call: Call) => {
    while (!stopping) {
      const body = draft();
      const { status } = await call("POST", "/v1/requests", someone.agent, body);
      statuses.add(status);
      if (status === 201) acknowledged.add(body.id);
    }
  };
  const working = Array.from({ length: 16 }, (_, index) => work(index % 2 === 0 ? one : other));
  const until = async (count: number) => {
    while (acknowledged.size < count) await new Promise((resolve) => setImmediate(resolve));
  };
  await until(200);
  await server.restart();
  await until(acknowledged.size + 200);
  await server.crash();
  await server.start();
  await until(acknowledged.size + 200);
  stopping = true;
  await Promise.all(working);
  expect([...statuses].toSorted()).toEqual([201, 503]);
  for (const id of acknowledged) {
    expect((await other("GET", `/v1/requests/${id}`, someone.agent)).status).toBe(200);
  }
  // Whoever hears of the other replica hears of it again.
  const id = draft().id;
  await one("POST", "/v1/requests", someone.agent, draft({ id }));
  const answer = other("GET", `/v1/requests/${id}?wait_ms=25000`, someone.agent);
  await one("POST", `/v1/requests/${id}/decision`, someone.admin, {
    decision: "approve",
    revision: 1,
  });
  expect(await (await answer).json()).toMatchObject({ status: "APPROVED" });
  await Promise.all(pair.map((plane) => plane.close()));
});
