import { afterEach, beforeEach, describe, expect, it } from "vitest";
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

describe("an action over HTTP", () => {
  it("is called as its manifest says, with the parameters in their places", async () => {
    const manifest = manifestFor(service, {
      method: "POST",
      url: "/repos/{owner}/issues{?draft}",
      headers: { "x-label": "{label}", accept: "application/vnd.test+json" },
      body: { title: "{title}", labels: ["{label}", "from-an-agent"], count: "{count}" },
    });
    const parameters = { owner: "a/b", draft: true, label: "bug", title: "It broke", count: 3 };
    service.answerJson(201, { number: 7 }, { location: "/issues/7", "set-cookie": "a=b" });
    expect(await world.run(manifest, parameters)).toEqual({
      outcome: "success",
      output: {
        status: 201,
        headers: { "content-type": "application/json", location: "/issues/7" },
        body: { number: 7 },
      },
      verification: { status: "unverifiable", detail: "Nobody looks." },
    });
    const [call] = service.calls;
    expect(call).toMatchObject({
      method: "POST",
      path: "/repos/a%2Fb/issues?draft=true",
      headers: {
        "x-label": "bug",
        accept: "application/vnd.test+json",
        "content-type": "application/json",
        "user-agent": "Holdpoint-Gate/1",
      },
    });
    expect(JSON.parse(call?.body ?? "")).toEqual({
      title: "It broke",
      labels: ["bug", "from-an-agent"],
      count: 3,
    });
  });

  it("carries its secrets in the places for them, and nowhere in what comes back", async () => {
    world.secrets.set("TOKEN", "canary-5f1c9e");
    world.secrets.set("KEY", "canary-7b2d10");
    const secrets = [
      { name: "TOKEN", header: "authorization", prefix: "Bearer " },
      { name: "KEY", query: "key" },
    ];
    const outcome = await world.run(manifestFor(service, { url: "/things?a=1" }, { secrets }));
    expect(outcome).toMatchObject({ outcome: "success" });
    expect(service.calls[0]).toMatchObject({
      path: "/things?a=1&key=canary-7b2d10",
      headers: { authorization: "Bearer canary-5f1c9e" },
    });
    expect(JSON.stringify(outcome)).not.toContain("canary");
  });

  it("is not called where a secret is missing", async () => {
    const secrets = [{ name: "TOKEN", header: "authorization" }];
    const outcome = await world.run(manifestFor(service, {}, { secrets }));
    expect(outcome).toMatchObject({ outcome: "failed", fault: { code: "secret_missing" } });
    expect(service.calls).toEqual([]);
  });

  it("carries the same key in each try of one call", async () => {
    const manifest = manifestFor(service, {}, { idempotency: { header: "Idempotency-Key" } });
    await world.run(manifest, {}, { idempotencyKey: "exe_7" });
    await world.run(manifest, {}, { idempotencyKey: "exe_7" });
    expect(service.calls.map(({ headers }) => headers["idempotency-key"])).toEqual([
      "exe_7",
      "exe_7",
    ]);
  });

  it("uses a connection again", async () => {
    const sockets = new Set<unknown>();
    service.answer = (response) => {
      sockets.add(response.socket);
      response.end("ok");
    };
    for (let count = 0; count < 3; count += 1) await world.run(manifestFor(service));
    expect(sockets.size).toBe(1);
  });

  it.each<[string, string, unknown]>([
    ["application/json", '{"a":1}', { a: 1 }],
    ["application/problem+json; charset=utf-8", "[1]", [1]],
    ["text/plain", "grün", "grün"],
    ["application/xml", "<a/>", "<a/>"],
    ["application/octet-stream", "raw", Buffer.from("raw").toString("base64")],
  ])("reads a body of %s", async (type, body, expected) => {
    service.answer = (response) => response.writeHead(200, { "content-type": type }).end(body);
    expect(await world.run(manifestFor(service))).toMatchObject({ output: { body: expected } });
  });

  it("reads text in the charset that it is written in", async () => {
    service.answer = (response) =>
      response
        .writeHead(200, { "content-type": "text/plain; charset=iso-8859-1" })
        .end(Buffer.from("grün", "latin1"));
    expect(await world.run(manifestFor(service))).toMatchObject({ output: { body: "grün" } });
  });
});
