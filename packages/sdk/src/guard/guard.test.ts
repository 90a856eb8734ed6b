import { createHash } from "node:crypto";
import type { WireExecution, WireRequest } from "@holdpoint/protocol";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { GrantError } from "../errors/conflict.js";
import { ExecutionFailedError, OutcomeUnknownError } from "../errors/execution.js";
import { NotFoundError } from "../errors/not-found.js";
import { Holdpoint } from "../holdpoint.js";
import { fastForward, useFakeTime } from "../test-kit/fake-time.js";
import { API_KEY, BASE_URL, decidedRequest, KEY, problem } from "../test-kit/fixtures.js";
import { type SentCall, scriptFetch } from "../test-kit/scripted-fetch.js";
import { describeError } from "./describe.js";
import type { GuardOptions } from "./options.js";

const EXECUTION_ID = "exe_01h455vb4pex5vsknk084sn02q";
const args = { amount: 500 };

function execution(requestId: string, overrides: Partial<WireExecution> = {}): WireExecution {
  return {
    id: EXECUTION_ID,
    request_id: requestId,
    status: "CLAIMED",
    fencing_token: 1,
    idempotent: false,
    claimed_at: "2026-11-22T09:32:00.000Z",
    lease_expires_at: "2026-11-22T09:33:00.000Z",
    ...overrides,
  };
}

interface Scene {
  readonly request?: Partial<WireRequest>;
  /** What each call answers, by the last word of its path. */
  readonly answers?: Readonly<
    Record<string, (requestId: string, call: SentCall) => Response | object>
  >;
}

/** A control plane that approves at once, with a guarded function before it. */
function stage(
  { request = {}, answers = {} }: Scene,
  options: Partial<GuardOptions<typeof args>> = {},
) {
  let requestId = "";
  const runs: unknown[] = [];
  const { calls, fetch } = scriptFetch((call) => {
    const { pathname } = call.url;
    if (pathname === "/v1/requests") {
      requestId = (JSON.parse(call.body ?? "{}") as { id: string }).id;
      const answer = answers.requests?.(requestId, call);
      if (answer) return answer instanceof Response ? answer : Response.json(answer);
      return Response.json(decidedRequest("APPROVED", { id: requestId, ...request }));
    }
    const word = pathname === `/v1/requests/${requestId}` ? "request" : pathname.split("/").at(-1);
    const answer = answers[word === EXECUTION_ID ? "get" : String(word)]?.(requestId, call);
    if (answer instanceof Response) return answer;
    if (answer) return Response.json(answer);
    if (word === "request")
      return Response.json(decidedRequest("APPROVED", { id: requestId, ...request }));
    const status = word === "commit" ? "COMMITTED" : word === "fail" ? "FAILED" : "CLAIMED";
    const { result, error } = JSON.parse(call.body ?? "{}") as WireExecution;
    return Response.json(
      execution(requestId, {
        status,
        ...(result !== undefined && { result }),
        ...(error !== undefined && { error }),
      }),
    );
  });
  const hp = new Holdpoint({ apiKey: API_KEY, baseUrl: BASE_URL, fetch, maxRetries: 0 });
  const guarded = hp.guard<typeof args, unknown>(
    { service: "billing", action: "refund", key: "k", ...(options as object) },
    async (approved) => {
      runs.push(approved);
      return { ok: true };
    },
  );
  const sent = (word: string) =>
    calls
      .filter(({ url }) => url.pathname.endsWith(word))
      .map(({ body }) => JSON.parse(body ?? "{}") as unknown);
  return { guarded, runs, sent, calls };
}

describe("claiming", () => {
  test("[G2] names the grant and the digest of what was received", async () => {
    const { guarded, sent } = stage({}, { leaseMs: 5_000, idempotent: true });
    await guarded(args);
    expect(sent("/executions")).toEqual([
      {
        id: expect.stringMatching(/^exe_/),
        grant_id: "gnt_01h455vb4pex5vsknk084sn02q",
        approved_digest: "sha256:0780491803d7a0848aa262e346d8b1a3d7cfa31fe7655948de034ec7c10f84d0",
        lease_ms: 5_000,
        idempotent: true,
      },
    ]);
    expect(sent("/commit")).toEqual([{ fencing_token: 1, result: { ok: true } }]);
  });

  test("[G2] goes on with the id and the token that were answered, not those it sent", async () => {
    const { guarded, sent } = stage({
      answers: { executions: (id) => execution(id, { fencing_token: 4 }) },
    });
    await guarded(args);
    expect(sent(`/${EXECUTION_ID}/commit`)).toEqual([{ fencing_token: 4, result: { ok: true } }]);
  });

  test("[G2] [G4] without a grant, or with one for something else, nothing runs", async () => {
    const foreign = {
      id: "gnt_01h455vb4pex5vsknk084sn02q",
      revision: 2,
      approved_digest: `sha256:${"0".repeat(64)}`,
      expires_at: "2026-11-29T09:31:00.000Z",
    };
    const moved = stage({ request: { grant: foreign } });
    await expect(moved.guarded(args)).rejects.toMatchObject({ code: "RESPONSE_INVALID" });
    for (const code of ["GRANT_EXPIRED", "GRANT_INVALID", "NOT_APPROVED", "ARGUMENTS_CHANGED"]) {
      const refused = stage({ answers: { executions: () => problem(409, code) } });
      const error = await refused.guarded(args).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(GrantError);
      expect(error).toMatchObject({ code });
      expect(refused.runs).toEqual([]);
    }
    expect(moved.runs).toEqual([]);
  });

  test("[G4] an approval whose contents were deleted is none: nothing is claimed", async () => {
    const { payload, ...emptied } = decidedRequest("APPROVED", {
      contents_deleted_at: "2026-12-22T09:31:00.000Z",
    });
    // What a control plane says of it counts, also when it sends a payload all the same.
    const full = { ...emptied, payload };
    for (const [request, isTaken] of [[emptied], [full], [emptied, true], [full, true]] as const) {
      const { guarded, runs, sent } = stage({
        answers: {
          requests: (id) => (isTaken ? problem(409, "REQUEST_ID_CONFLICT") : { ...request, id }),
          request: (id) => ({ ...request, id }),
        },
      });
      const error = await guarded(args).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(NotFoundError);
      expect(error).toMatchObject({ code: "CONTENTS_DELETED", retryable: false });
      expect([...runs, ...sent("/executions")]).toEqual([]);
    }
  });

  test.each([{ leaseMs: 999 }, { leaseMs: 3_600_001 }, { leaseMs: 1.5 }])(
    "refuses %j",
    async (options) => {
      const { guarded, runs } = stage({}, options);
      await expect(guarded(args)).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
      expect(runs).toEqual([]);
    },
  );
});

describe("what somebody else has begun", () => {
  const taken = (status: WireExecution["status"], more: Partial<WireExecution> = {}): Scene => ({
    request: { execution: { status, id: EXECUTION_ID } },
    answers: { get: (id) => execution(id, { status, ...more }) },
  });

  test("[G2] committed: its result, and no claim", async () => {
    const { guarded, runs, sent } = stage(taken("COMMITTED", { result: { from: "another" } }));
    expect(await guarded(args)).toEqual({ from: "another" });
    expect([...runs, ...sent("/executions")]).toEqual([]);
  });

  test("[G2] failed, unknown: told apart, and not run", async () => {
    const failed = stage(taken("FAILED", { error: { name: "Error", message: "m" } }));
    const failure = await failed.guarded(args).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(ExecutionFailedError);
    expect(failure).toMatchObject({
      code: "EXECUTION_FAILED",
      executionId: EXECUTION_ID,
      recorded: { message: "m" },
    });
    const unknown = stage(taken("OUTCOME_UNKNOWN"));
    const error = await unknown.guarded(args).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({
      code: "OUTCOME_UNKNOWN",
      executionId: EXECUTION_ID,
      retryable: false,
    });
    expect([...failed.runs, ...unknown.runs]).toEqual([]);
  });

  test("[G2] unknown, and only this claim calls it idempotent: still unknown", async () => {
    const scene = taken("OUTCOME_UNKNOWN", { idempotent: false });
    const { guarded, runs } = stage(
      {
        ...scene,
        answers: { ...scene.answers, executions: () => problem(409, "EXECUTION_CLAIMED") },
      },
      { idempotent: true },
    );
    await expect(guarded(args)).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
    expect(runs).toEqual([]);
  });

  test("[G2] claimed between the answer and the claim: waits for that run", async () => {
    let holds = 0;
    const { guarded, runs } = stage({
      request: {},
      answers: {
        executions: () => problem(409, "EXECUTION_CLAIMED"),
        request: (id) =>
          decidedRequest("APPROVED", { id, execution: { status: "CLAIMED", id: EXECUTION_ID } }),
        get: (id) => {
          holds += 1;
          return execution(id, holds < 3 ? {} : { status: "COMMITTED", result: 7 });
        },
      },
    });
    expect(await guarded(args)).toBe(7);
    expect(runs).toEqual([]);
  });

  test("[G4] a claim whose lease was over before its answer came is nobody's to run", async () => {
    const { guarded, runs } = stage({
      answers: {
        executions: (id) => execution(id, { status: "OUTCOME_UNKNOWN" }),
        get: (id) => execution(id, { status: "OUTCOME_UNKNOWN" }),
      },
    });
    await expect(guarded(args)).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
    expect(runs).toEqual([]);
  });
});

describe("a witness that takes longer than the lease", () => {
  beforeEach(useFakeTime);
  afterEach(() => void vi.useRealTimers());

  /** Five seconds for the second reading, under a lease of one. */
  function stageSlowly(renew: (requestId: string) => Response | object) {
    const digest = createHash("sha256").update('"the world"').digest("hex");
    const reconcile = (id: string) => execution(id, { status: "FAILED", reconciled: true });
    let readings = 0;
    const staged = stage(
      {
        request: { witness_digest: `sha256:${digest}` },
        answers: { renew, reconcile, fail: () => problem(409, "EXECUTION_LEASE_LOST") },
      },
      {
        leaseMs: 1_000,
        witness: async () => {
          readings += 1;
          if (readings > 1) await new Promise((resolve) => setTimeout(resolve, 5_000));
          return "the world";
        },
      },
    );
    return { ...staged, end: () => fastForward(staged.guarded(args), () => readings > 1) };
  }

  test("[G2] has the lease renewed meanwhile", async () => {
    const { end, runs, sent } = stageSlowly((id) => execution(id));
    expect((await end()).result).toEqual({ ok: true });
    expect(sent("/renew").length).toBeGreaterThan(5);
    expect(runs).toHaveLength(1);
  });

  test("[G2] [G4] runs nothing when the lease is lost meanwhile, and says so", async () => {
    const { end, runs, sent } = stageSlowly(() => problem(409, "EXECUTION_LEASE_LOST"));
    expect((await end()).result).toMatchObject({ code: "EXECUTION_LEASE_LOST" });
    expect(sent("/reconcile")).toMatchObject([{ outcome: "failed" }]);
    expect(runs).toEqual([]);
  });
});

describe("settling", () => {
  test("[G2] settled by somebody else in between: what is on record counts, for this caller too", async () => {
    const { guarded, runs } = stage({
      answers: {
        commit: () => problem(409, "EXECUTION_LEASE_LOST"),
        reconcile: () => problem(409, "EXECUTION_SETTLED"),
        get: (id) =>
          execution(id, { status: "FAILED", reconciled: true, error: { message: "reversed" } }),
      },
    });
    await expect(guarded(args)).rejects.toMatchObject({
      code: "EXECUTION_FAILED",
      recorded: { message: "reversed" },
    });
    expect(runs).toHaveLength(1);
  });

  test("a control plane that refuses the record altogether is told to the caller", async () => {
    const { guarded, runs } = stage({
      answers: { commit: () => problem(401, "CREDENTIAL_INVALID") },
    });
    await expect(guarded(args)).rejects.toMatchObject({
      code: "OUTCOME_UNKNOWN",
      cause: { code: "CREDENTIAL_INVALID" },
    });
    expect(runs).toHaveLength(1);
  });
});

describe("describeError", () => {
  const parts = { options: { apiKey: API_KEY, encryptionKeys: [KEY] } } as unknown as Parameters<
    typeof describeError
  >[1];

  test("takes out what looks like a credential, and bounds the rest", () => {
    const message = `Authorization: Bearer abc.def for ${API_KEY} and ${KEY} at https://u:p@host/x`;
    const text = JSON.stringify(
      describeError(Object.assign(new Error(message), { code: "E_X" }), parts),
    );
    for (const secret of ["abc.def", API_KEY, KEY, "u:p"]) expect(text).not.toContain(secret);
    expect(text).toContain("E_X");
    expect(String(describeError(new Error("\u{1F600}".repeat(5_000)), parts).message)).toHaveLength(
      2_000,
    );
  });

  test("takes what is no error too", () => {
    for (const thrown of [undefined, null, "text", 5, {}]) {
      expect(describeError(thrown, parts)).toEqual({ name: "Error", message: "No message." });
    }
  });
});
