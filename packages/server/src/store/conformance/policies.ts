import { receiptIdOf } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import { beforeEach, expect, it } from "vitest";
import { digestTextOf } from "../../domain/digest.js";
import { InvalidCursorError } from "../errors.js";
import type { Store } from "../store.js";
import { createTenant, NOW, type Tenant } from "./fixture.js";

const TEXT = "permit (principal, action, resource);";

/** The revisions of a project's policy. */
export function testPolicies(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  beforeEach(async () => {
    store = useStore();
    tenant = await createTenant(store);
  });

  const set = (baseRevision: number, fields: object = {}) =>
    store.policies.set({
      id: typeidUnboxed("pol"),
      projectId: tenant.projectId,
      baseRevision,
      text: TEXT,
      createdAt: NOW,
      createdBy: { type: "operator", id: tenant.admin.id, name: tenant.admin.name },
      eventId: typeidUnboxed("evt"),
      ...fields,
    });

  /** What the receipt of an event says; nothing where there is none. */
  const contentOf = async (eventId: string, projectId = tenant.projectId) => {
    const receipt = await store.receipts.find(projectId, receiptIdOf(eventId));
    return (
      receipt && JSON.parse(Buffer.from(receipt.jws.split(".")[1] ?? "", "base64url").toString())
    );
  };

  it("are none before the first is set", async () => {
    const { projectId } = tenant;
    expect(await store.policies.find(projectId)).toBeUndefined();
    expect(await store.policies.revisionOf(projectId)).toBe(0);
    expect(await store.policies.list(projectId, { limit: 10 })).toEqual({
      items: [],
      nextCursor: null,
    });
  });

  it("count up, the newest in force", async () => {
    const { projectId, admin } = tenant;
    const first = await set(0, { note: "The first." });
    expect(first).toMatchObject({
      outcome: "set",
      policy: { revision: 1, text: TEXT, note: "The first.", createdBy: { id: admin.id } },
    });
    const second = await set(1, { text: "", createdAt: NOW + 1 });
    expect(second.policy).not.toHaveProperty("note");
    expect(await store.policies.find(projectId)).toEqual(second.policy);
    expect(await store.policies.revisionOf(projectId)).toBe(2);
    const { items } = await store.policies.list(projectId, { limit: 10 });
    expect(items).toEqual([second.policy, first.policy]);
  });

  it("are read page by page", async () => {
    for (let revision = 0; revision < 5; revision += 1) await set(revision);
    const seen: number[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = await store.policies.list(tenant.projectId, {
        limit: 2,
        ...(cursor !== undefined && { cursor }),
      });
      seen.push(...page.items.map(({ revision }) => revision));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual([5, 4, 3, 2, 1]);
    const list = (cursor: string) => store.policies.list(tenant.projectId, { limit: 1, cursor });
    await expect(list("nonsense")).rejects.toBeInstanceOf(InvalidCursorError);
  });

  it("are lost to who set another meanwhile", async () => {
    const first = await set(0);
    expect(await set(0)).toEqual({ outcome: "lost", policy: first.policy });
    expect(await set(2)).toEqual({ outcome: "lost", policy: first.policy });
    expect(await store.policies.revisionOf(tenant.projectId)).toBe(1);
  });

  it("are made once per id", async () => {
    const again = { id: typeidUnboxed("pol"), eventId: typeidUnboxed("evt") };
    const first = await set(0, again);
    expect(await set(0, again)).toEqual(first);
    expect(await store.policies.revisionOf(tenant.projectId)).toBe(1);
  });

  it("are set by one of those who set them at once", async () => {
    const eventIds = Array.from({ length: 20 }, () => typeidUnboxed("evt"));
    const made = await Promise.all(eventIds.map((eventId) => set(0, { eventId })));
    expect(made.filter(({ outcome }) => outcome === "set")).toHaveLength(1);
    expect(await store.policies.revisionOf(tenant.projectId)).toBe(1);
    const contents = await Promise.all(eventIds.map((eventId) => contentOf(eventId)));
    expect(contents.filter((content) => content !== undefined)).toHaveLength(1);
  });

  it("have a receipt each, with the digest of the text", async () => {
    const { policy } = await set(0);
    expect(await contentOf(policy?.eventId ?? "")).toMatchObject({
      type: "policy.changed",
      project_id: tenant.projectId,
      actor: { type: "operator", id: tenant.admin.id },
      subject: { id: policy?.id, revision: 1, digest: digestTextOf(TEXT) },
    });
  });

  it("are each project's own", async () => {
    const { policy } = await set(0);
    const other = await createTenant(store);
    expect(await store.policies.revisionOf(other.projectId)).toBe(0);
    expect(await store.policies.find(other.projectId)).toBeUndefined();
    expect(await contentOf(policy?.eventId ?? "", other.projectId)).toBeUndefined();
  });

  it("[G4] decide a request in the transaction that makes it", async () => {
    const policy = { revision: 1, verdict: "allow", policies: ["low"] } as const;
    const decidedBy = { type: "policy", id: "policy", name: "low" } as const;
    const grant = { id: typeidUnboxed("gnt"), expiresAt: NOW + 60_000 };
    const approvedDigest = digestTextOf({ amount_minor: 1250 });
    const resolution = { status: "APPROVED", decidedBy, at: NOW, approvedDigest, grant } as const;
    const request = tenant.draft({ policy });
    const made = await store.requests.create(request, resolution);
    expect(made.outcome).toBe("created");
    const { projectId } = tenant;
    const found = await store.requests.find(projectId, request.id);
    expect(made).toEqual({ outcome: "created", request: found });
    expect(found).toMatchObject({ status: "APPROVED", revision: 2, decidedBy, grant, policy });
    expect((await store.requests.create(request, resolution)).outcome).toBe("replayed");
    const events = await store.events.listForRequest(projectId, request.id);
    expect(events.map(({ type }) => type)).toEqual(["request.created", "request.approved"]);
    const [asked, approved] = await Promise.all(events.map(({ id }) => contentOf(id)));
    expect(asked).toMatchObject({ status: "PENDING", revision: 1, policy });
    expect(approved).toMatchObject({
      actor: decidedBy,
      policy,
      approved_digest: approvedDigest,
      revision: 2,
    });
  });
}
