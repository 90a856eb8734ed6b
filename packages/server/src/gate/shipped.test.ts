import { readdir, readFile } from "node:fs/promises";
import type { JsonObject } from "@holdpoint/protocol";
import type { ActionManifest, EgressRule } from "@holdpoint/protocol/gate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checkAction } from "../domain/gate/lint.js";
import { assertFitsSchema } from "../domain/schema/check.js";
import { answering, type Fake } from "./testing/fakes/fake.js";
import { fakeGitHub } from "./testing/fakes/github.js";
import { fakeLibsql } from "./testing/fakes/libsql.js";
import { fakeSlack } from "./testing/fakes/slack.js";
import { fakeStripe } from "./testing/fakes/stripe.js";
import { RunnerWorld } from "./testing/runner.js";
import { Service } from "./testing/service.js";

/** The manifests that the command line brings along. */
const FOLDER = new URL("../../../cli/actions/", import.meta.url);
const NAMES = (await readdir(FOLDER)).map((file) => file.replace(/\.yaml$/, ""));

const TOKEN = "canary-c0ffee-token";

let world: RunnerWorld;
let service: Service;
beforeEach(async () => {
  world = new RunnerWorld();
  service = await Service.start();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});

async function load(name: string): Promise<ActionManifest> {
  return parse(await readFile(new URL(`${name}.yaml`, FOLDER), "utf8"));
}

/** The same manifest, its hosts in the place of the real ones. */
async function loadHere(name: string): Promise<ActionManifest> {
  const manifest = await load(name);
  const { domains, ...rest } = manifest.egress as EgressRule;
  const moved = domains.reduce(
    (text, domain) => text.replaceAll(`https://${domain}/`, `${service.origin}/`),
    JSON.stringify(manifest),
  );
  const ports = [service.port];
  return {
    ...JSON.parse(moved),
    egress: { ...rest, domains: ["127.0.0.1"], ports, allow_private: true },
  };
}

/** Runs it against a fake of its service, with the parameters an agent may give. */
async function run(name: string, fake: Fake, parameters: JsonObject, key = "exe_1") {
  const manifest = await loadHere(name);
  const secret = manifest.secrets?.[0]?.name ?? "";
  if (!world.secrets.has(secret)) world.secrets.set(secret, TOKEN);
  service.answer = answering(fake);
  await assertFits(name, parameters);
  const outcome = await world.run(manifest, parameters, { idempotencyKey: key });
  expect(JSON.stringify(outcome)).not.toContain(TOKEN);
  return outcome;
}

async function assertFits(name: string, parameters: JsonObject): Promise<void> {
  const place = { code: "PARAMETERS_INVALID", path: "/parameters" } as const;
  await assertFitsSchema(parameters, (await load(name)).parameters, place);
}

describe("an action that comes along", () => {
  it.each(NAMES)("%s can be registered, under the name of its file", async (name) => {
    const { errors, action } = await checkAction(await load(name));
    expect(errors).toEqual([]);
    expect(action?.manifest.id).toBe(name);
  });

  it("warns of nothing but that the agent chooses what it reads", async () => {
    const checks = await Promise.all(
      NAMES.map(async (name) => [name, (await checkAction(await load(name))).warnings] as const),
    );
    const warned = checks.filter(([, warnings]) => warnings.length > 0);
    expect(warned).toMatchObject([["http-get", [{ path: "/provider/url" }]]]);
  });
});

describe("http-get", () => {
  it("reads a page of a host that it may reach, and of no other", async () => {
    const page: Fake = () => ({ status: 200, body: { hello: "world" } });
    const manifest = await loadHere("http-get");
    service.answer = answering(page);
    const outcome = await world.run(manifest, { url: `${service.origin}/a?b=c%20d` });
    expect(outcome).toMatchObject({
      outcome: "success",
      output: { status: 200, body: { hello: "world" } },
      verification: { status: "unverifiable" },
    });
    expect(service.calls).toMatchObject([{ method: "GET", path: "/a?b=c%20d" }]);
    const elsewhere = await world.run(manifest, { url: "https://other.example/" });
    expect(elsewhere).toMatchObject({ outcome: "failed", fault: { code: "egress_refused" } });
  });

  it.each(["http://example.com/", "file:///etc/passwd", ""])("refuses %j", async (url) => {
    await expect(assertFits("http-get", { url })).rejects.toMatchObject({
      code: "PARAMETERS_INVALID",
    });
  });
});

describe("http-post", () => {
  it("sends what it is given as it is", async () => {
    const body = { "a/b": [1, "{body}", null], nested: { yes: true } };
    const outcome = await run("http-post", () => ({ status: 201, body: {} }), { body });
    expect(outcome).toMatchObject({ outcome: "success", verification: { status: "verified" } });
    const [call] = service.calls;
    expect(call).toMatchObject({ method: "POST", path: "/hook" });
    expect(JSON.parse(call?.body ?? "")).toEqual(body);
  });
});

describe("github-issue", () => {
  const parameters = { owner: "octocat", repo: "hello-world", title: "It breaks: 100 % of a/b" };
  const open = (fields: object = {}) =>
    run("github-issue", fakeGitHub(TOKEN), { ...parameters, ...fields });

  it("opens an issue, and sees it", async () => {
    const fields = { body: "With *details*.", labels: ["bug"], assignees: ["octocat"] };
    expect(await open(fields)).toMatchObject({
      outcome: "success",
      output: {
        status: 201,
        body: { number: 1, title: parameters.title, body: fields.body, labels: [{ name: "bug" }] },
      },
      verification: { status: "verified" },
    });
    expect(service.calls.map(({ method }) => method)).toEqual(["POST", "GET"]);
    expect(service.calls[0]?.headers).toMatchObject({ "x-github-api-version": "2022-11-28" });
  });

  it("leaves out what it is not given", async () => {
    await open();
    expect(JSON.parse(service.calls[0]?.body ?? "")).toEqual({ title: parameters.title });
  });

  it("fails where the token is wrong, the repository unknown, or has no issues", async () => {
    expect(await open({ repo: "other" })).toMatchObject(refused(404));
    expect(await open({ repo: "archive" })).toMatchObject(refused(410));
    world.secrets.set("GITHUB_TOKEN", "old-token");
    expect(await open()).toMatchObject(refused(401));
  });

  it.each([
    ["an account with a path", { owner: "a/../b" }],
    ["a title that GitHub would trim", { title: "title " }],
    ["a field that nobody has described", { milestone: 1 }],
  ])("refuses %s", async (_name, fields) => {
    await expect(open(fields)).rejects.toMatchObject({ code: "PARAMETERS_INVALID" });
  });
});

describe("slack-message", () => {
  const channel = "C0123456789";
  const send = (fields: object = {}) =>
    run("slack-message", fakeSlack({ token: TOKEN, channel }), {
      channel,
      text: "Zoë 😀",
      ...fields,
    });

  it("sends a message, and an answer to it", async () => {
    const outcome = await send({ thread_ts: "1503435956.000247" });
    expect(outcome).toMatchObject({
      outcome: "success",
      output: { body: { ok: true, message: { text: "Zoë 😀", thread_ts: "1503435956.000247" } } },
      verification: { status: "verified" },
    });
    expect(JSON.stringify(outcome)).not.toContain("missing_charset");
  });

  it("is not verified where Slack says no with a status of success", async () => {
    const outcome = await send({ channel: "C9999999999" });
    expect(outcome).toMatchObject({ outcome: "success", verification: { status: "failed" } });
    world.secrets.set("SLACK_BOT_TOKEN", "old-token");
    expect(await send()).toMatchObject({ verification: { status: "failed" } });
  });
});

describe("stripe-refund", () => {
  const payment = { id: "pi_3MmlLrLkdIwHu7ix", amount: 5_000, currency: "eur" };
  const parameters = { payment_intent: payment.id, amount: 1_250 };

  it("gives money back, and sees it", async () => {
    const stripe = fakeStripe(TOKEN, payment);
    const fields = { reason: "duplicate", note: "Charged twice & sorry" };
    expect(await run("stripe-refund", stripe, { ...parameters, ...fields })).toMatchObject({
      outcome: "success",
      output: { body: { id: "re_1", amount: 1_250, status: "succeeded" } },
      verification: { status: "verified" },
    });
    expect(stripe.refunds).toMatchObject([
      { reason: "duplicate", metadata: { note: fields.note } },
    ]);
    expect(service.calls[0]?.headers).toMatchObject({
      "idempotency-key": "exe_1",
      "stripe-version": "2024-06-20",
    });
  });

  it("gives it back once, however often the same call is tried", async () => {
    const stripe = fakeStripe(TOKEN, payment);
    const first = await run("stripe-refund", stripe, parameters);
    expect(await run("stripe-refund", stripe, parameters)).toEqual(first);
    expect(stripe.refunds).toHaveLength(1);
    await run("stripe-refund", stripe, parameters, "exe_2");
    expect(stripe.refunds).toHaveLength(2);
  });

  it("fails where there is less than is to be given back", async () => {
    const outcome = await run("stripe-refund", fakeStripe(TOKEN, payment), {
      ...parameters,
      amount: 5_001,
    });
    expect(outcome).toMatchObject(refused(400));
  });

  it("is not verified in a currency that its budget does not count", async () => {
    const outcome = await run(
      "stripe-refund",
      fakeStripe(TOKEN, { ...payment, currency: "usd" }),
      parameters,
    );
    expect(outcome).toMatchObject({ outcome: "success", verification: { status: "failed" } });
  });

  it.each([0, -1, 12.5, "1250", 100_001])("refuses an amount of %j", async (amount) => {
    await expect(assertFits("stripe-refund", { ...parameters, amount })).rejects.toMatchObject({
      code: "PARAMETERS_INVALID",
    });
  });
});

describe("sql-query", () => {
  const SET_UP =
    "create table t (id integer, name text); insert into t values (1, 'Ada'), (2, null)";

  async function query(parameters: JsonObject) {
    using database = fakeLibsql(TOKEN, SET_UP);
    return await run("sql-query", database, parameters);
  }

  it("gives the rows of a statement with its values", async () => {
    const args = [
      { type: "integer", value: "1" },
      { type: "text", value: "' or 1 = 1 --" },
    ];
    const outcome = await query({ sql: "select id, name from t where id = ? or name = ?", args });
    expect(outcome).toMatchObject({
      outcome: "success",
      output: { body: { results: [{ response: { result: { rows: [ROW] } } }, {}] } },
      verification: { status: "verified" },
    });
    expect(await query({ sql: "select name from t where id = 2" })).toMatchObject({
      output: { body: { results: [{ response: { result: { rows: [[{ type: "null" }]] } } }, {}] } },
    });
  });

  const ROW = [
    { type: "integer", value: "1" },
    { type: "text", value: "Ada" },
  ];

  it.each([
    ["select * from nowhere", "no such table"],
    ["delete from t", "readonly"],
  ])("is not verified for %j", async (sql, reason) => {
    expect(await query({ sql })).toMatchObject({
      outcome: "success",
      output: { body: { results: [{ error: { message: expect.stringContaining(reason) } }, {}] } },
      verification: { status: "failed" },
    });
  });

  it.each([[["1"]], [[{ type: "integer", value: "1 or 1" }]], [[{ type: "blob", value: "" }]]])(
    "refuses %j as its values",
    async (args) => {
      await expect(query({ sql: "select ?", args })).rejects.toMatchObject({
        code: "PARAMETERS_INVALID",
      });
    },
  );
});

function refused(status: number) {
  return { outcome: "failed", fault: { code: "refused_by_service", status } };
}
