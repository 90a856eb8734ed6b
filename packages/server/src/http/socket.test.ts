import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { KeyPair, makeProof } from "../routes/testing/lease-holder.js";
import { World } from "../routes/testing/world.js";

let folder: string;
let socketPath: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdpoint-socket-"));
  socketPath = join(folder, "holdpoint.sock");
});
afterEach(() => rm(folder, { recursive: true }));

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function send(
  place: { readonly socketPath: string } | { readonly port: number },
  path: string,
  { method = "GET", headers = {}, body }: Sent = {},
) {
  const outgoing = request({ ...place, host: "127.0.0.1", path, method, headers });
  outgoing.end(body);
  const [incoming] = await once(outgoing, "response");
  let text = "";
  for await (const chunk of incoming) text += chunk;
  return { status: incoming.statusCode as number, body: JSON.parse(text) };
}

it("answers on a Unix socket, that only its owner may use, and beside it on a port", async () => {
  await using world = await World.create();
  const { port } = await world.controlPlane.start({ port: 0, socketPath });
  expect((await stat(socketPath)).mode & 0o777).toBe(0o600);
  const headers = { authorization: world.credentials.agent };
  for (const place of [{ socketPath }, { port }]) {
    expect((await send(place, "/v1/me", { headers })).status).toBe(200);
  }
  await world.controlPlane.close();
  await expect(stat(socketPath)).rejects.toMatchObject({ code: "ENOENT" });
});

it("gives the socket the permissions it is told, and needs no port", async () => {
  await using world = await World.create();
  const started = await world.controlPlane.start({ socketPath, socketMode: 0o660 });
  expect(started).toEqual({ url: "http://localhost" });
  expect((await stat(socketPath)).mode & 0o777).toBe(0o660);
  await expect(world.controlPlane.start({ port: 0 })).rejects.toThrow(TypeError);
});

it("replaces the socket of a server that died, and no other", async () => {
  const script = `require("net").createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, "SIGKILL"))`;
  await once(spawn(process.execPath, ["-e", script]), "exit");
  expect((await stat(socketPath)).isSocket()).toBe(true);
  await using world = await World.create();
  await world.controlPlane.start({ socketPath });
  await using second = await World.create();
  await expect(second.controlPlane.start({ socketPath })).rejects.toThrow(/a server does/);
  expect((await send({ socketPath }, "/healthz")).status).toBe(200);
});

it("takes away nothing that is no socket", async () => {
  await writeFile(socketPath, "precious");
  await using world = await World.create();
  await expect(world.controlPlane.start({ socketPath })).rejects.toThrow(/something else/);
  expect((await stat(socketPath)).size).toBe(8);
});

it("listens in no folder that everybody may write to", async () => {
  const open = join(folder, "open");
  await mkdir(open);
  await chmod(open, 0o777);
  await using world = await World.create();
  const start = world.controlPlane.start({ socketPath: join(open, "holdpoint.sock") });
  await expect(start).rejects.toThrow(/everybody may write/);
});

it("knows itself as http://localhost on the socket, and by its port on the port", async () => {
  await using world = await World.create({ publicUrl: "https://holdpoint.example.com" });
  const { port } = await world.controlPlane.start({ port: 0, socketPath });
  const key = new KeyPair();
  const body = "{}";
  const issue = async (place: { socketPath: string } | { port: number }, origin: string) => {
    const call = { method: "POST", path: "/v1/leases", body };
    const claims = { htu: `${origin}/v1/leases` };
    const headers = {
      // Whoever calls may write anything here.
      host: new URL(origin).host,
      authorization: world.credentials.agent,
      "content-type": "application/json",
      dpop: makeProof(key, call, world.clock.now(), { claims }),
    };
    const { status } = await send(place, call.path, { method: "POST", headers, body });
    return status;
  };
  expect(await issue({ socketPath }, "http://localhost")).toBe(201);
  expect(await issue({ socketPath }, "https://holdpoint.example.com")).toBe(201);
  expect(await issue({ socketPath }, `http://localhost:${port}`)).toBe(401);
  expect(await issue({ port }, `http://localhost:${port}`)).toBe(201);
  expect(await issue({ port }, `http://127.0.0.1:${port}`)).toBe(201);
  expect(await issue({ port }, "http://localhost")).toBe(401);
  expect(await issue({ port }, "http://evil.example")).toBe(401);
});
