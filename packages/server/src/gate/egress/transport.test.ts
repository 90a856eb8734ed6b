import type { LookupAddress } from "node:dns";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Resolve } from "../../network/address.js";
import { CERTIFICATE, OTHER_CERTIFICATE } from "../testing/certificates.js";
import { manifestFor, RunnerWorld } from "../testing/runner.js";
import { Service } from "../testing/service.js";

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

/** A name server that answers as told, one answer after the other. */
function resolver(...answers: readonly (readonly string[])[]) {
  const asked: string[] = [];
  const resolve = (name: string, _options: unknown, callback: unknown) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(name);
    const found = answer.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    (callback as (error: null, found: readonly LookupAddress[]) => void)(null, found);
  };
  return { asked, resolve: resolve as Resolve };
}

/** A manifest that goes to a name, as one for production would. */
function publicManifest(port = service.port) {
  return manifestFor(
    { origin: `https://api.example.com:${port}`, port },
    { method: "GET" },
    { egress: { domains: ["api.example.com"], ports: [port] } },
  );
}

const failed = (code: string) => ({ outcome: "failed", fault: { code } });

describe("[P-SSRF] [P-GATE-EGRESS] the name of a host", () => {
  it.each([
    [["127.0.0.1"]],
    [["93.184.215.14", "10.0.0.1"]],
    [["169.254.169.254"]],
    [["::ffff:127.0.0.1"]],
    [["::1"]],
    [["fd00:ec2::254"]],
    [["64:ff9b::7f00:1"]],
    [[]],
  ])("that leads to %j is not called", async (addresses) => {
    await using tls = await Service.start(CERTIFICATE);
    const { resolve } = resolver(addresses);
    await using guarded = new RunnerWorld({ resolve, authorities: CERTIFICATE.cert });
    expect(await guarded.run(publicManifest(tls.port))).toMatchObject(failed("egress_refused"));
    expect(tls.calls).toEqual([]);
  });

  it("that answers with a public address first and a private one next is asked once for each connection", async () => {
    // A documentation address: checked as public it is refused, so nothing goes out from here.
    const { asked, resolve } = resolver(["192.0.2.1"], ["127.0.0.1"]);
    await using tls = await Service.start(CERTIFICATE);
    await using guarded = new RunnerWorld({ resolve, authorities: CERTIFICATE.cert });
    expect(await guarded.run(publicManifest(tls.port))).toMatchObject(failed("egress_refused"));
    expect(asked).toEqual(["api.example.com"]);
    expect(await guarded.run(publicManifest(tls.port))).toMatchObject(failed("egress_refused"));
    expect(tls.calls).toEqual([]);
  });

  it("is called at the address that was checked, and not asked for again", async () => {
    const { asked, resolve } = resolver(["127.0.0.1"], ["192.0.2.1"]);
    await using here = new RunnerWorld({ resolve });
    const { port } = service;
    const manifest = manifestFor({ origin: `http://api.example.com:${port}`, port });
    expect(await here.run(manifest)).toMatchObject({ outcome: "success" });
    expect(asked).toEqual(["api.example.com"]);
  });

  it("that may lead inside for one action finds no connection of it open for another", async () => {
    await using tls = await Service.start(CERTIFICATE);
    const { resolve } = resolver(["127.0.0.1"]);
    await using shared = new RunnerWorld({ resolve, authorities: CERTIFICATE.cert });
    const strict = publicManifest(tls.port);
    const egress = { domains: ["api.example.com"], ports: [tls.port], allow_private: true };
    expect(await shared.run({ ...strict, egress })).toMatchObject({ outcome: "success" });
    expect(await shared.run(strict)).toMatchObject(failed("egress_refused"));
    expect(tls.calls).toHaveLength(1);
  });

  it("that nobody knows is a fault before anything is sent", async () => {
    const resolve = ((_name: string, _options: unknown, callback: unknown) => {
      const error = Object.assign(new Error("getaddrinfo canary"), { code: "ENOTFOUND" });
      (callback as (error: Error, found: object[]) => void)(error, []);
    }) as Resolve;
    await using lost = new RunnerWorld({ resolve });
    const outcome = await lost.run(publicManifest());
    expect(outcome).toMatchObject(failed("name_not_found"));
    expect(JSON.stringify(outcome)).not.toContain("canary");
  });
});

describe("[P-GATE-SECRET] TLS", () => {
  const overTls = (tls: Service) => manifestFor(tls);

  it("is taken with a certificate that is trusted and names the host", async () => {
    await using tls = await Service.start(CERTIFICATE);
    await using trusting = new RunnerWorld({ authorities: CERTIFICATE.cert });
    expect(await trusting.run(overTls(tls))).toMatchObject({ outcome: "success" });
  });

  it.each([
    ["that nobody has signed", CERTIFICATE, undefined],
    ["for another host", OTHER_CERTIFICATE, OTHER_CERTIFICATE.cert],
  ])(
    "is refused with a certificate %s, before the secret is sent",
    async (_name, tls, authorities) => {
      await using secured = await Service.start(tls);
      await using wary = new RunnerWorld(authorities === undefined ? {} : { authorities });
      wary.secrets.set("TOKEN", "canary");
      const secrets = [{ name: "TOKEN", header: "authorization" }];
      const outcome = await wary.run({ ...overTls(secured), secrets });
      expect(outcome).toMatchObject(failed("tls_failed"));
      expect(secured.calls).toEqual([]);
    },
  );

  it("does not hide that a call was sent whose answer never came", async () => {
    await using tls = await Service.start(CERTIFICATE);
    await using trusting = new RunnerWorld({ authorities: CERTIFICATE.cert });
    tls.answer = (response) => response.destroy();
    expect(await trusting.run(overTls(tls))).toMatchObject({
      outcome: "outcome_unknown",
      fault: { code: "connection_failed" },
    });
  });

  it("is refused where there is none", async () => {
    const { port } = service;
    const manifest = manifestFor({ origin: `https://127.0.0.1:${port}`, port });
    expect(await world.run(manifest)).toMatchObject(failed("tls_failed"));
  });
});

describe("[P-SSRF] [P-GATE-SECRET] a redirect", () => {
  const get = (rest: object = {}) => manifestFor(service, { method: "GET", url: "/start" }, rest);

  function redirect(status: number, location: string): void {
    service.answer = (response, { path }) => {
      if (path !== "/start") response.end(`at ${path}`);
      else response.writeHead(status, { location }).end();
    };
  }

  it.each([301, 302, 303, 307, 308])("of a GET is followed (%s)", async (status) => {
    redirect(status, "/next");
    world.secrets.set("TOKEN", "canary");
    const secrets = [{ name: "TOKEN", header: "authorization" }];
    expect(await world.run(get({ secrets }))).toMatchObject({ output: { status: 200 } });
    expect(service.calls.map(({ path }) => path)).toEqual(["/start", "/next"]);
    expect(service.calls[1]?.headers.authorization).toBe("canary");
  });

  it.each([
    "https://169.254.169.254/latest/meta-data",
    "http://[::ffff:127.0.0.1]/",
    "http://2130706433/",
    "http://elsewhere.example/",
    "file:///etc/passwd",
    "http://ada:secret@127.0.0.1/",
  ])("to %s is not", async (location) => {
    redirect(302, location);
    expect(await world.run(get())).toMatchObject(failed("egress_refused"));
    expect(service.calls).toHaveLength(1);
  });

  it("to another host that may be reached carries no secret there", async () => {
    await using other = await Service.start();
    world.secrets.set("TOKEN", "canary");
    const secrets = [
      { name: "TOKEN", header: "authorization" },
      { name: "TOKEN", query: "key" },
    ];
    const egress = {
      domains: ["127.0.0.1"],
      ports: [service.port, other.port],
      allow_private: true,
    };
    service.answer = (response) =>
      response.writeHead(302, { location: `${other.origin}/next` }).end();
    const manifest = get({ secrets, egress });
    const provider = {
      type: "http",
      method: "GET",
      url: `${service.origin}/start`,
      headers: { cookie: "a=canary" },
    } as const;
    expect(await world.run({ ...manifest, provider })).toMatchObject({ outcome: "success" });
    expect(other.calls).toHaveLength(1);
    expect(JSON.stringify(other.calls)).not.toContain("canary");
  });

  it("that would carry the secret to another host is not followed", async () => {
    await using other = await Service.start();
    service.answer = (response, { path }) =>
      response.writeHead(302, { location: `${other.origin}${path}` }).end();
    world.secrets.set("TOKEN", "canary-5f1c9e");
    const secrets = [{ name: "TOKEN", query: "key" }];
    const egress = {
      domains: ["127.0.0.1"],
      ports: [service.port, other.port],
      allow_private: true,
    };
    expect(await world.run(get({ secrets, egress }))).toMatchObject(failed("egress_refused"));
    expect(other.calls).toEqual([]);
  });

  it("without end is not followed for ever", async () => {
    service.answer = (response) => response.writeHead(302, { location: "/again" }).end();
    expect(await world.run(get())).toMatchObject(failed("response_invalid"));
    expect(service.calls).toHaveLength(6);
  });

  it("of a POST is not followed, and nobody knows what it did", async () => {
    redirect(307, "/next");
    const manifest = manifestFor(service, { url: "/start" });
    expect(await world.run(manifest)).toMatchObject({
      outcome: "outcome_unknown",
      fault: { code: "response_invalid" },
    });
    expect(service.calls).toHaveLength(1);
  });

  it("of a POST is its answer, where the manifest waits for it", async () => {
    redirect(303, "/made/7");
    const verification = { type: "status", statuses: [303] } as const;
    const manifest = manifestFor(service, { url: "/start" }, { verification });
    expect(await world.run(manifest)).toMatchObject({
      outcome: "success",
      output: { status: 303, headers: { location: "/made/7" } },
      verification: { status: "verified" },
    });
  });
});

describe("an answer", () => {
  const get = (rest: object = {}) => manifestFor(service, { method: "GET" }, rest);

  it.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ])("packed as %s is unpacked", async (encoding, pack) => {
    service.answer = (response) =>
      response
        .writeHead(200, { "content-type": "text/plain", "content-encoding": encoding })
        .end(pack("hello"));
    expect(await world.run(get())).toMatchObject({ output: { body: "hello" } });
  });

  it.each([
    ["gzip", "response_invalid"],
    ["br", "response_invalid"],
    ["zstd", "response_invalid"],
    ["gzip, gzip", "response_invalid"],
  ])("that says %s and is not cannot be read", async (encoding, code) => {
    service.answer = (response) =>
      response.writeHead(200, { "content-encoding": encoding }).end("plain");
    expect(await world.run(get())).toMatchObject(failed(code));
  });

  it("that unpacks to more than it may is too large, however small it comes", async () => {
    service.answer = (response) =>
      response
        .writeHead(200, { "content-encoding": "gzip" })
        .end(gzipSync(Buffer.alloc(10_000_000)));
    expect(await world.run(get())).toMatchObject(failed("response_too_large"));
  });

  it("without end is not read to it", async () => {
    service.answer = (response) => {
      response.writeHead(200);
      const pour = () => {
        if (response.destroyed) return;
        if (response.write(Buffer.alloc(16_384))) setImmediate(pour);
        else response.once("drain", pour);
      };
      pour();
    };
    expect(await world.run(get({ max_response_bytes: 50_000 }))).toMatchObject(
      failed("response_too_large"),
    );
  });

  it("of the size that it may have is read", async () => {
    service.answer = (response) => response.end(Buffer.alloc(50_000));
    expect(await world.run(get({ max_response_bytes: 50_000 }))).toMatchObject({
      outcome: "success",
    });
  });

  it("that drips is waited for as long as the action may take", async () => {
    service.answer = (response) => {
      response.writeHead(200).write("…");
      world.clock.advance(30_000);
    };
    expect(await world.run(get())).toMatchObject(failed("timeout"));
    expect(world.clock.pendingTimers).toBe(0);
  });

  it("that is no HTTP cannot be read", async () => {
    const server = createTcpServer((socket) => {
      socket.on("error", () => {});
      socket.end("garbage\r\n\r\n");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const manifest = manifestFor({ origin: `http://127.0.0.1:${port}`, port }, { method: "GET" });
    expect(await world.run(manifest)).toMatchObject(failed("response_invalid"));
    server.close();
  });
});
