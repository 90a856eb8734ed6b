import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ActionManifest, ActionVerification, HttpMethod } from "@holdpoint/protocol/gate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { manifestFor, RunnerWorld } from "./testing/runner.js";
import { type ServedCall, Service } from "./testing/service.js";

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

const METHODS: readonly HttpMethod[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
const isSafe = (method: HttpMethod) => method === "GET" || method === "HEAD";

/** The table of what counts as sent, row by row, for each method. */
describe.each(METHODS)("[P-GATE-SENT] a %s", (method) => {
  const afterSending = isSafe(method) ? "failed" : "outcome_unknown";
  const run = (rest: Partial<ActionManifest> = {}, signal?: AbortSignal) =>
    world.run(manifestFor(service, { method }, rest), {}, signal === undefined ? {} : { signal });

  it("that is answered with success has succeeded", async () => {
    expect(await run()).toMatchObject({ outcome: "success", output: { status: 200 } });
  });

  it.each([400, 401, 404, 409, 422, 429])("that is refused with %s has failed", async (status) => {
    service.answerJson(status, { error: "canary" });
    const outcome = await run();
    expect(outcome).toMatchObject({
      outcome: "failed",
      fault: { code: "refused_by_service", status },
    });
    expect(JSON.stringify(outcome)).not.toContain("canary");
  });

  it.each([500, 502, 503, 504])("that is answered with %s", async (status) => {
    service.answerJson(status, {});
    expect(await run()).toMatchObject({
      outcome: afterSending,
      fault: { code: "refused_by_service", status },
    });
  });

  it("whose connection breaks after it was sent", async () => {
    service.answer = (response) => response.destroy();
    expect(await run()).toMatchObject({
      outcome: afterSending,
      fault: { code: "connection_failed" },
    });
  });

  it("that is answered with nothing until its time is up", async () => {
    service.answer = () => world.clock.advance(30_000);
    expect(await run()).toMatchObject({ outcome: afterSending, fault: { code: "timeout" } });
  });

  it("that is interrupted after it was sent", async () => {
    const closing = new AbortController();
    service.answer = () => closing.abort();
    expect(await run({}, closing.signal)).toMatchObject({
      outcome: afterSending,
      fault: { code: "interrupted" },
    });
  });

  it("that is interrupted before has failed, and is not sent", async () => {
    const outcome = await run({}, AbortSignal.abort());
    expect(outcome).toMatchObject({ outcome: "failed", fault: { code: "interrupted" } });
    expect(service.calls).toEqual([]);
  });

  it.each<[string, Partial<ActionManifest>, string]>([
    ["egress", { egress: "none" }, "egress_refused"],
    ["a secret", { secrets: [{ name: "GONE", header: "authorization" }] }, "secret_missing"],
    ["size", { max_request_bytes: 5 }, "request_too_large"],
  ])("that is kept back for %s has failed", async (_name, rest, code) => {
    expect(await run(rest)).toMatchObject({ outcome: "failed", fault: { code } });
    expect(service.calls).toEqual([]);
  });

  it("to a service that is not there has failed", async () => {
    const gone = await Service.start();
    const { origin, port } = gone;
    await gone[Symbol.asyncDispose]();
    expect(await world.run(manifestFor({ origin, port }, { method }))).toMatchObject({
      outcome: "failed",
      fault: { code: "connection_failed" },
    });
  });
});

describe("[P-GATE-SENT] an answer that cannot be read", () => {
  it.each<[HttpMethod, string]>([
    ["GET", "failed"],
    ["POST", "outcome_unknown"],
  ])("of a %s", async (method, outcome) => {
    service.answer = (response) =>
      response.writeHead(201, { "content-type": "application/json" }).end("{nonsense");
    expect(await world.run(manifestFor(service, { method }))).toMatchObject({
      outcome,
      fault: { code: "response_invalid" },
    });
  });

  it.each<[HttpMethod, string]>([
    ["GET", "failed"],
    ["POST", "outcome_unknown"],
  ])("of a %s, because it is too large", async (method, outcome) => {
    service.answer = (response) => response.end("x".repeat(2_000));
    const manifest = manifestFor(service, { method }, { max_response_bytes: 1_000 });
    expect(await world.run(manifest)).toMatchObject({
      outcome,
      fault: { code: "response_too_large" },
    });
  });
});

describe("the effect", () => {
  const run = (verification: ActionVerification, rest: Partial<ActionManifest> = {}) =>
    world.run(manifestFor(service, { body: "{*}" }, { verification, ...rest }), { title: "x" });

  it("is verified by the status, or is not", async () => {
    expect(await run({ type: "status", statuses: [200, 201] })).toMatchObject({
      outcome: "success",
      verification: { status: "verified" },
    });
    expect(await run({ type: "status", statuses: [201] })).toMatchObject({
      outcome: "success",
      verification: { status: "failed", detail: "Expected HTTP status 201, got HTTP status 200." },
    });
  });

  it("is verified by the schema of the result, or is not", async () => {
    const schema = (type: string) => ({
      type: "object",
      properties: { body: { type: "object", properties: { id: { type } }, required: ["id"] } },
    });
    service.answerJson(200, { id: 7 });
    expect(await run({ type: "result" }, { result: schema("integer") })).toMatchObject({
      verification: { status: "verified" },
    });
    expect(await run({ type: "result" }, { result: schema("string") })).toMatchObject({
      outcome: "success",
      verification: { status: "failed", detail: expect.stringContaining("/body/id") },
    });
  });

  describe("that is read back", () => {
    const readBack = (value: unknown = "{title}") =>
      ({
        type: "read_back",
        url: `${service.origin}/things/{output.body.id}`,
        expect: [{ pointer: "/title", value }],
      }) as ActionVerification;
    const stored = (title: unknown, status = 200) => {
      service.answer = (response, { method }: ServedCall) => {
        const [code, body] = method === "POST" ? [201, { id: 7 }] : [status, { title }];
        response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
      };
    };

    it("is verified where it is found", async () => {
      stored("x");
      world.secrets.set("TOKEN", "canary");
      const secrets = [{ name: "TOKEN", header: "authorization" }];
      const outcome = await run(readBack(), { secrets });
      expect(outcome).toMatchObject({ outcome: "success", verification: { status: "verified" } });
      expect(service.calls[1]).toMatchObject({
        method: "GET",
        path: "/things/7",
        headers: { authorization: "canary" },
      });
    });

    it.each<[string, unknown, number]>([
      ["another value", "y", 200],
      ["a value of another type", ["x"], 200],
      ["nothing", "x", 404],
    ])("is not where there is %s", async (_name, title, status) => {
      stored(title, status);
      expect(await run(readBack())).toMatchObject({
        outcome: "success",
        verification: { status: "failed" },
      });
    });

    it("is not where what is expected is absent itself", async () => {
      stored(undefined);
      expect(await run(readBack("{gone}"))).toMatchObject({ verification: { status: "failed" } });
    });

    it("is not where it cannot be read in time, and the action has succeeded all the same", async () => {
      stored("x");
      const { answer } = service;
      service.answer = (response, call) => {
        if (call.method === "POST") answer(response, call);
        else world.clock.advance(30_000);
      };
      expect(await run(readBack())).toMatchObject({
        outcome: "success",
        verification: { status: "failed" },
      });
    });
  });
});

describe("[P-GATE-SECRET] what comes back", () => {
  it("lacks what the manifest redacts, and nothing else", async () => {
    service.answerJson(200, { customer: { email: "ada@example.com", name: "Ada" }, list: [1, 2] });
    const redact = ["/body/customer/email", "/body/list/1", "/body/gone"];
    expect(await world.run(manifestFor(service, {}, { redact }))).toMatchObject({
      output: {
        body: { customer: { email: "[redacted]", name: "Ada" }, list: [1, "[redacted]"] },
      },
    });
  });

  it.each<[string, (secret: string) => object, string]>([
    ["in its body", (secret) => ({ echo: `got ${secret}` }), ""],
    ["in a header", () => ({}), "/found?token="],
  ])("lacks the secret that a service repeats %s", async (_name, body, location) => {
    const secret = "canary-5f1c9e&x";
    world.secrets.set("TOKEN", secret);
    const secrets = [{ name: "TOKEN", header: "authorization", prefix: "Bearer " }];
    service.answer = (response, { headers }) => {
      const got = String(headers.authorization).slice("Bearer ".length);
      response.writeHead(201, {
        "content-type": "application/json",
        location: `${location}${encodeURIComponent(got)}`,
      });
      response.end(JSON.stringify(body(got)));
    };
    const outcome = await world.run(manifestFor(service, {}, { secrets }));
    expect(outcome).toMatchObject({ outcome: "success" });
    expect(JSON.stringify(outcome)).not.toContain("canary");
    expect(JSON.stringify(outcome)).toContain("[redacted]");
  });
});

describe("a secret", () => {
  const secretFrom = (from: "environment" | "file") => ({
    secrets: [{ name: "TOKEN", from, header: "authorization" }],
  });

  it("is taken from the environment that whoever runs the control plane gives", async () => {
    await using given = new RunnerWorld({ secretSources: { environment: { TOKEN: "from-env" } } });
    await given.run(manifestFor(service, {}, secretFrom("environment")));
    expect(service.calls[0]?.headers.authorization).toBe("from-env");
  });

  it("is taken from a file, without the line break at its end, and anew each time", async () => {
    const directory = await mkdtemp(join(tmpdir(), "holdpoint-secrets-"));
    await using given = new RunnerWorld({ secretSources: { directory } });
    await writeFile(join(directory, "TOKEN"), "first\n");
    await given.run(manifestFor(service, {}, secretFrom("file")));
    await writeFile(join(directory, "TOKEN"), "second");
    await given.run(manifestFor(service, {}, secretFrom("file")));
    expect(service.calls.map(({ headers }) => headers.authorization)).toEqual(["first", "second"]);
    await rm(directory, { recursive: true });
  });

  it.each(["a\r\nx: y", "", "☃"])("that no header can hold is none: %j", async (value) => {
    world.secrets.set("TOKEN", value);
    const secrets = [{ name: "TOKEN", header: "authorization" }];
    expect(await world.run(manifestFor(service, {}, { secrets }))).toMatchObject({
      outcome: "failed",
      fault: { code: "secret_missing" },
    });
  });
});
