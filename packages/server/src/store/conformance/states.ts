import { typeidUnboxed } from "typeid-js";
import { beforeAll, describe, expect, it } from "vitest";
import type { Resolution } from "../../domain/request.js";
import type { Store } from "../store.js";
import type { NewState, RetentionCutoffs } from "../verbs/states.js";
import { approval, createTenant, HOUR, makeApiKey, NOW, type Tenant } from "./fixture.js";

const DAY = 24 * HOUR;
/** Far enough that nothing of other tests is due. */
const NEVER = { now: NOW, abandonedBefore: 0 } as const;

/** Parked states, and what retention takes away. */
export function testStates(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  beforeAll(async () => {
    store = useStore();
    tenant = await createTenant(store);
  });

  const draft = (overrides: Partial<NewState> = {}): NewState => ({
    id: typeidUnboxed("sta"),
    projectId: tenant.projectId,
    agentId: tenant.agent.id,
    createdAt: NOW,
    key: Buffer.alloc(32, 7).toString("base64url"),
    digest: "0".repeat(64),
    ...overrides,
  });
  const park = async (overrides: Partial<NewState> = {}): Promise<NewState> => {
    const state = draft(overrides);
    await store.states.create(state);
    await store.states.markUploaded(state, { sizeBytes: 10, at: state.createdAt });
    return state;
  };
  const find = ({ projectId, id }: NewState) => store.states.find(projectId, id);

  it("gives back a state with its key, also an encrypted one", async () => {
    const envelope = { protected: "e30", aad: "YQ", iv: "aa", ciphertext: "bb", tag: "cc" };
    for (const key of ["A".repeat(43), envelope]) {
      const state = draft({ key });
      const { digest: _, ...members } = state;
      expect(await store.states.create(state)).toEqual({ outcome: "created", state: members });
      expect(await find(state)).toEqual(members);
      await store.states.markUploaded(state, { sizeBytes: 3_000_000_000, at: NOW + 1 });
      const uploaded = { ...members, sizeBytes: 3_000_000_000, uploadedAt: NOW + 1 };
      expect(await find(state)).toEqual(uploaded);
      expect(await store.states.create(state)).toEqual({ outcome: "replayed", state: uploaded });
    }
  });

  it("refuses a taken id for another body, agent or project", async () => {
    const state = await park();
    const stranger = await createTenant(store);
    const key = makeApiKey(tenant.projectId, typeidUnboxed("key"), "other-bot");
    const colleague = await store.apiKeys.create(key);
    for (const taken of [
      { ...state, digest: "1".repeat(64) },
      { ...state, agentId: colleague.agent.id },
      { ...state, projectId: stranger.projectId, agentId: stranger.agent.id },
    ]) {
      expect(await store.states.create(taken)).toEqual({ outcome: "conflict" });
    }
    expect(await store.states.find(stranger.projectId, state.id)).toBeUndefined();
  });

  it("notes one of 50 uploads", async () => {
    const state = draft();
    await store.states.create(state);
    const noted = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        store.states.markUploaded(state, { sizeBytes: index, at: NOW + index }),
      ),
    );
    expect(noted.filter(Boolean)).toHaveLength(1);
    expect((await find(state))?.sizeBytes).toBe(noted.indexOf(true));
  });

  it("ties a request to a state of its own agent, or makes no request", async () => {
    const state = await park();
    const named = tenant.draft({ stateId: state.id });
    expect(await store.requests.create(named)).toMatchObject({
      outcome: "created",
      request: { stateId: state.id },
    });
    const stranger = await createTenant(store);
    for (const attempt of [
      stranger.draft({ stateId: state.id }),
      tenant.draft({ stateId: typeidUnboxed("sta") }),
    ]) {
      expect(await store.requests.create(attempt)).toEqual({ outcome: "no_state" });
      expect(await store.requests.find(attempt.projectId, attempt.id)).toBeUndefined();
      expect(await store.events.listForRequest(attempt.projectId, attempt.id)).toEqual([]);
    }
  });

  describe("retention", () => {
    const sweep = async (cutoffs: Partial<RetentionCutoffs>) => {
      while ((await store.retention.markStates({ ...NEVER, ...cutoffs }, 3)) > 0);
      return (await store.retention.listMarked(1_000)).map(({ id }) => id);
    };
    const resolved = async (overrides: object, resolution: Partial<Resolution> = {}) => {
      const request = tenant.draft({ expiresAt: NOW + 40 * DAY, ...overrides });
      await store.requests.create(request);
      const answer = approval(tenant, { status: "REJECTED", at: NOW, ...resolution });
      await store.requests.resolve(tenant.projectId, request.id, 1, answer);
      return request;
    };
    const granted = { status: "APPROVED", approvedDigest: `sha256:${"0".repeat(64)}` } as const;

    it("takes what was never named, and nothing younger", async () => {
      const unnamed = await park({ createdAt: NOW - DAY });
      const younger = await park({ createdAt: NOW - DAY + 1 });
      const named = await park({ createdAt: NOW - DAY });
      await store.requests.create(tenant.draft({ stateId: named.id }));
      const empty = draft({ createdAt: NOW - DAY });
      await store.states.create(empty);
      const marked = await sweep({ abandonedBefore: NOW - DAY });
      expect(marked).toEqual(expect.arrayContaining([unnamed.id, empty.id]));
      expect(marked).not.toContain(named.id);
      expect(marked).not.toContain(younger.id);
    });

    it("keeps a state that an open request names, though nobody told of its upload", async () => {
      const state = draft({ createdAt: NOW - DAY });
      await store.states.create(state);
      await store.requests.create(tenant.draft({ stateId: state.id }));
      const due = { abandonedBefore: NOW - DAY, statesBefore: NOW + DAY, now: NOW + DAY };
      expect(await sweep(due)).not.toContain(state.id);
    });

    it("takes a state once every request that names it is long resolved", async () => {
      const [over, open, recent, other] = [await park(), await park(), await park(), await park()];
      await resolved({ stateId: over.id });
      await resolved({ stateId: open.id });
      await store.requests.create(tenant.draft({ stateId: open.id }));
      await resolved({ stateId: recent.id }, { at: NOW + 1 });
      await resolved({ stateId: other.id, createdAt: NOW + 5 });
      const marked = await sweep({ statesBefore: NOW, now: NOW + DAY });
      expect(marked).toContain(over.id);
      for (const { id } of [open, recent, other]) expect(marked).not.toContain(id);
    });

    it("keeps a state that something may still run with", async () => {
      const state = await park();
      const grant = { id: typeidUnboxed("gnt"), expiresAt: NOW + DAY };
      await resolved({ stateId: state.id }, { ...granted, grant });
      const due = { statesBefore: NOW + 1_000 };
      expect(await sweep({ ...due, now: NOW + DAY - 1 })).not.toContain(state.id);
      expect(await sweep({ ...due, now: NOW + DAY })).toContain(state.id);
    });

    it("shows a marked state as gone, without its key, and takes no bytes for it", async () => {
      const state = draft({ createdAt: NOW - 2 * DAY });
      await store.states.create(state);
      await sweep({ abandonedBefore: NOW - 2 * DAY });
      expect(await find(state)).toMatchObject({ deletedAt: NOW });
      expect(await find(state)).not.toHaveProperty("key");
      expect(await store.states.markUploaded(state, { sizeBytes: 1, at: NOW })).toBe(false);
      const late = tenant.draft({ stateId: state.id });
      expect(await store.requests.create(late)).toEqual({ outcome: "no_state" });
      await store.retention.finishState(state, NOW + 1);
      expect(await sweep({})).not.toContain(state.id);
      expect(await find(state)).toMatchObject({ deletedAt: NOW });
    });

    it("never takes a state that a request gets hold of at the same moment", async () => {
      const states = await Promise.all(
        Array.from({ length: 40 }, () => park({ createdAt: NOW - 3 * DAY })),
      );
      const requests = states.map(({ id }) => tenant.draft({ stateId: id }));
      const [made] = await Promise.all([
        Promise.all(requests.map((request) => store.requests.create(request))),
        ...Array.from({ length: 4 }, () => sweep({ abandonedBefore: NOW - 3 * DAY })),
      ]);
      const marked = new Set(await sweep({}));
      for (const [index, { outcome }] of made.entries()) {
        expect(outcome).toBe(marked.has(states[index]?.id ?? "") ? "no_state" : "created");
      }
    });

    it("takes contents, and leaves digest, status, schema and history", async () => {
      const payloadDigest = `sha256:${"1".repeat(64)}`;
      const schema = { type: "object" };
      const made = await resolved(
        { payloadDigest, schema },
        { reason: "Too much.", at: NOW - DAY },
      );
      const cutoffs = { ...NEVER, contentsBefore: NOW - DAY };
      expect(await store.retention.deleteContents(cutoffs, 1_000)).toBeGreaterThan(0);
      const found = await store.requests.find(tenant.projectId, made.id);
      expect(found).toMatchObject({
        status: "REJECTED",
        contentsDeletedAt: NOW,
        payloadDigest,
        schema,
        revision: 2,
      });
      for (const name of ["payload", "reason", "patchedPayload", "diffSummary"]) {
        expect(found).not.toHaveProperty(name);
      }
      expect(await store.requests.create(made)).toMatchObject({ outcome: "replayed" });
      const events = await store.events.listForRequest(tenant.projectId, made.id);
      expect(events.map(({ type }) => type)).toEqual(["request.created", "request.rejected"]);
      expect(events[1]).not.toHaveProperty("reason");
      expect(await store.retention.deleteContents(cutoffs, 1_000)).toBe(0);
    });

    it("keeps what a run said for as long after it as the rest after its decision", async () => {
      const at = NOW - 20 * DAY;
      const times = { at: NOW - DAY, leaseExpiresAt: NOW };
      const grant = { id: typeidUnboxed("gnt"), expiresAt: NOW };
      const { projectId, agent } = tenant;
      const { id: requestId } = await resolved({ createdAt: at }, { ...granted, grant, at });
      const claim = { grantId: grant.id, approvedDigest: granted.approvedDigest, ...times };
      const id = typeidUnboxed("exe");
      await store.executions.claim({
        ...claim,
        id,
        projectId,
        requestId,
        agent,
        idempotent: false,
      });
      const settledBy = { type: "agent", id: agent.id } as const;
      const told = { status: "COMMITTED", settledBy, fencingToken: 1, result: "done" } as const;
      await store.executions.settle(projectId, id, { ...told, at: times.at });
      const find = () => store.executions.find(projectId, id);
      for (const [contentsBefore, result] of [
        [times.at - 1, "done"],
        [times.at, undefined],
      ] as const) {
        await store.retention.deleteContents({ ...NEVER, contentsBefore }, 1_000);
        expect((await find())?.result).toBe(result);
      }
    });

    it("takes contents once, of four sweeps at the same moment, and none that is needed", async () => {
      const before = NOW - 10 * DAY;
      const due = await Promise.all(
        Array.from({ length: 30 }, () => resolved({ createdAt: before }, { at: before })),
      );
      const grant = { id: typeidUnboxed("gnt"), expiresAt: NOW + 1 };
      const runnable = await resolved({ createdAt: before }, { ...granted, grant, at: before });
      const open = tenant.draft({ createdAt: before });
      await store.requests.create(open);
      const counts = await Promise.all(
        Array.from({ length: 4 }, async () => {
          let count = 0;
          for (let batch = -1; batch !== 0; count += batch) {
            batch = await store.retention.deleteContents({ ...NEVER, contentsBefore: before }, 7);
          }
          return count;
        }),
      );
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(due.length);
      for (const { id } of [runnable, open]) {
        expect(await store.requests.find(tenant.projectId, id)).toHaveProperty("payload");
      }
    });
  });
}
