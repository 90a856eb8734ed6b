import type { JsonValue } from "@holdpoint/protocol";
import { describe, expect, test } from "vitest";
import { Cipher } from "../encryption/cipher.js";
import { AlreadyDecidedError } from "../errors/conflict.js";
import { DecryptionError } from "../errors/encryption.js";
import { NotFoundError } from "../errors/not-found.js";
import { InvalidResponseError } from "../errors/response.js";
import { ValidationError } from "../errors/validation.js";
import { Holdpoint } from "../holdpoint.js";
import {
  API_KEY,
  BASE_URL,
  decidedRequest,
  KEY,
  OTHER_KEY,
  PROJECT_ID,
  problem,
  REQUEST_ID,
  wireRequest,
} from "../test-kit/fixtures.js";
import { type Reply, scriptFetch } from "../test-kit/scripted-fetch.js";

function connect(replies: readonly Reply[], options: object = {}) {
  const { calls, fetch } = scriptFetch(...replies);
  const hp = new Holdpoint({ apiKey: API_KEY, baseUrl: BASE_URL, fetch, ...options });
  const paths = () => calls.map(({ method, url }) => `${method} ${url.pathname}${url.search}`);
  return { calls, hp, paths };
}

const edited = decidedRequest("APPROVED_WITH_MODIFICATIONS", {
  patched_payload: { amount: 50 },
  reason: "Half.",
});

describe("requests.get", () => {
  test("shows a request as it stands, times as dates, absent members absent", async () => {
    const { hp, paths } = connect([wireRequest({ run_id: "r1", agent_label: "Bot" })]);
    expect(await hp.requests.get(REQUEST_ID)).toEqual({
      id: REQUEST_ID,
      service: "billing",
      action: "refund",
      status: "PENDING",
      priority: "medium",
      encrypted: false,
      payload: { amount: 500 },
      agent: { id: expect.any(String), name: "bot" },
      agentLabel: "Bot",
      createdAt: new Date("2026-11-22T09:30:00.000Z"),
      expiresAt: new Date("2026-11-23T09:30:00.000Z"),
      execution: { status: "NONE" },
      revision: 1,
      metadata: {},
      runId: "r1",
      url: `${BASE_URL}/requests/${REQUEST_ID}`,
    });
    expect(paths()).toEqual([`GET /v1/requests/${REQUEST_ID}`]);
  });

  test("is typed when there is none, when it is another's, and when it does not open", async () => {
    const absent = connect([problem(404, "REQUEST_NOT_FOUND")]).hp.requests.get(REQUEST_ID);
    await expect(absent).rejects.toBeInstanceOf(NotFoundError);
    const other = wireRequest({ id: "req_01h455vb4pex5vsknk084sn02r" });
    await expect(connect([other]).hp.requests.get(REQUEST_ID)).rejects.toBeInstanceOf(
      InvalidResponseError,
    );
    const plain = connect([wireRequest()], { encryptionKey: KEY }).hp.requests.get(REQUEST_ID);
    await expect(plain).rejects.toBeInstanceOf(DecryptionError);
  });

  test.each(["", "req_", "../me", `${REQUEST_ID}/cancel`, `${REQUEST_ID}?wait_ms=1`])(
    "refuses %j as an id before anything is sent",
    async (id) => {
      const { calls, hp } = connect([wireRequest()]);
      await expect(hp.requests.get(id)).rejects.toBeInstanceOf(ValidationError);
      await expect(hp.requests.cancel(id)).rejects.toBeInstanceOf(ValidationError);
      expect(calls).toHaveLength(0);
    },
  );
});

describe("requests.list", () => {
  test("sends every filter and reads a page", async () => {
    const { payload: _, ...withoutPayload } = wireRequest();
    const { hp, paths } = connect([{ data: [withoutPayload], next_cursor: "c2" }]);
    const page = await hp.requests.list({
      status: ["PENDING", "APPROVED"],
      priority: "high",
      service: "a b&c",
      action: "x",
      role: "finance",
      environment: "prod",
      runId: "r1",
      search: "é",
      order: "triage",
      includePayload: true,
      limit: 2,
      cursor: "c1",
    });
    expect(page.nextCursor).toBe("c2");
    expect(page.data).toHaveLength(1);
    expect(page.data[0]).not.toHaveProperty("payload");
    expect(Object.fromEntries(new URL(paths()[0]?.slice(4) ?? "", BASE_URL).searchParams)).toEqual({
      status: "PENDING,APPROVED",
      priority: "high",
      service: "a b&c",
      action: "x",
      role: "finance",
      environment: "prod",
      run_id: "r1",
      search: "é",
      order: "triage",
      include: "payload",
      limit: "2",
      cursor: "c1",
    });
  });

  test("asks for everything when told nothing", async () => {
    const { hp, paths } = connect([{ data: [], next_cursor: null }]);
    expect(await hp.requests.list()).toEqual({ data: [], nextCursor: null });
    expect(paths()).toEqual(["GET /v1/requests"]);
  });

  test.each([[[]], [{ data: {} }], [{ data: [] }], [{ data: [{}], next_cursor: null }], [null]])(
    "does not take %j for a page",
    async (body) => {
      const { hp } = connect([() => Response.json(body)]);
      await expect(hp.requests.list()).rejects.toBeInstanceOf(InvalidResponseError);
    },
  );
});

describe("requests.cancel", () => {
  test("withdraws, with retries", async () => {
    const { hp, paths } = connect([new TypeError("x"), decidedRequest("CANCELLED")]);
    expect(await hp.requests.cancel(REQUEST_ID)).toMatchObject({ status: "CANCELLED" });
    expect(paths()).toEqual(Array(2).fill(`POST /v1/requests/${REQUEST_ID}/cancel`));
  });

  test("[G1] tells who was faster", async () => {
    const current = { status: "APPROVED", revision: 2, decided_by: { type: "operator", id: "u" } };
    const { hp } = connect([problem(409, "ALREADY_DECIDED", { current })]);
    const error = await hp.requests.cancel(REQUEST_ID).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AlreadyDecidedError);
    expect(error).toMatchObject({ code: "ALREADY_DECIDED", current, requestId: REQUEST_ID });
  });
});

describe("corrections", () => {
  const subject = { service: "billing", action: "refund" };

  test("are the newest edits, with diff and reason", async () => {
    const { hp, paths } = connect([
      { data: [edited, decidedRequest("APPROVED")], next_cursor: null },
    ]);
    expect(await hp.corrections({ ...subject, limit: 2 })).toEqual([
      {
        requestId: REQUEST_ID,
        payload: { amount: 500 },
        patchedPayload: { amount: 50 },
        diff: {
          summary: "Changed /amount from 500 to 50.",
          changes: [{ path: "/amount", from: 500, to: 50 }],
        },
        reason: "Half.",
        resolvedAt: new Date("2026-11-22T09:31:00.000Z"),
      },
    ]);
    expect(Object.fromEntries(new URL(paths()[0]?.slice(4) ?? "", BASE_URL).searchParams)).toEqual({
      ...subject,
      status: "APPROVED_WITH_MODIFICATIONS",
      include: "payload",
      limit: "2",
    });
  });

  test("are decrypted here; what another key sealed, or nobody, is left out", async () => {
    const sealed = async (key: string) => {
      const cipher = new Cipher(PROJECT_ID, [key]);
      const seal = (value: JsonValue, field: "payload" | "patch") =>
        cipher.seal(value, REQUEST_ID, field);
      const payload = await seal({ amount: 500 }, "payload");
      const patched_payload = await seal({ amount: 50 }, "patch");
      return { ...edited, encrypted: true, payload, patched_payload };
    };
    const data = [await sealed(OTHER_KEY), edited, await sealed(KEY)];
    const { hp } = connect([{ data, next_cursor: null }], { encryptionKey: KEY });
    expect(await hp.corrections(subject)).toMatchObject([{ patchedPayload: { amount: 50 } }]);
  });

  test.each([0, 101, 1.5])("refuses %d as a limit", async (limit) => {
    const { hp } = connect([{ data: [], next_cursor: null }]);
    await expect(hp.corrections({ ...subject, limit })).rejects.toBeInstanceOf(ValidationError);
  });
});

describe("me", () => {
  const identity = {
    type: "agent",
    project: { id: PROJECT_ID, name: "Shop", created_at: "2026-11-22T09:30:00.000Z" },
    agent: { id: "agt_x", name: "bot" },
    scopes: ["requests:read"],
  };

  test("tells who the key belongs to", async () => {
    const { hp, paths } = connect([identity]);
    expect(await hp.me()).toEqual({
      project: { id: PROJECT_ID, name: "Shop" },
      agent: { id: "agt_x", name: "bot" },
      scopes: ["requests:read"],
    });
    expect(paths()).toEqual(["GET /v1/me"]);
  });

  test.each([
    [{ ...identity, type: "operator" }],
    [{ ...identity, agent: null }],
    [{ ...identity, scopes: "all" }],
    [[]],
  ])("does not take %j for an agent", async (body) => {
    await expect(connect([body]).hp.me()).rejects.toBeInstanceOf(InvalidResponseError);
  });
});
