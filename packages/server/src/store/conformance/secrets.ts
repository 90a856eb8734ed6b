import { LIMITS } from "@holdpoint/protocol";
import { beforeAll, beforeEach, expect, it } from "vitest";
import type { Store } from "../store.js";
import type { Secret } from "../verbs/actions.js";
import { createTenant, NOW, type Tenant } from "./fixture.js";

/** What actions put into their calls, and nobody reads. */
export function testSecrets(useStore: () => Store): void {
  let store: Store;
  /** A new project for each test. */
  let tenant: Tenant;
  beforeAll(() => {
    store = useStore();
  });
  beforeEach(async () => {
    tenant = await createTenant(store);
  });

  const secret = (name: string, fields: Partial<Secret> = {}): Secret => ({
    projectId: tenant.projectId,
    name,
    updatedAt: NOW,
    updatedBy: { type: "operator", id: tenant.admin.id, name: tenant.admin.name },
    ...fields,
  });
  const set = (name: string, value: string, fields: Partial<Secret> = {}) =>
    store.secrets.set({ ...secret(name, fields), value });
  const open = (name: string, { projectId } = tenant) => store.secrets.open(projectId, name);

  it.each([
    ["a token", "ghp_0123456789"],
    ["one character", "x"],
    ["Latin letters", "pässwörd\t~"],
    ["as much as there may be", "x".repeat(LIMITS.secretBytes)],
  ])("opens %s, and lists its name only", async (_name, value) => {
    expect(await set("TOKEN", value)).toEqual(secret("TOKEN"));
    expect(await open("TOKEN")).toBe(value);
    expect(await store.secrets.list(tenant.projectId)).toEqual([secret("TOKEN")]);
  });

  it("is replaced by the next, whoever sets it", async () => {
    await set("TOKEN", "first");
    const updatedBy = { type: "system", id: "bootstrap" } as const;
    await set("TOKEN", "second", { updatedAt: NOW + 1, updatedBy });
    expect(await open("TOKEN")).toBe("second");
    const [listed] = await store.secrets.list(tenant.projectId);
    expect(listed).toEqual(secret("TOKEN", { updatedAt: NOW + 1, updatedBy }));
  });

  it("is gone once removed, and removed once", async () => {
    await set("TOKEN", "value");
    await set("OTHER", "value");
    expect(await store.secrets.remove(tenant.projectId, "TOKEN")).toBe(true);
    expect(await store.secrets.remove(tenant.projectId, "TOKEN")).toBe(false);
    expect(await open("TOKEN")).toBeUndefined();
    expect(await store.secrets.list(tenant.projectId)).toEqual([secret("OTHER")]);
  });

  it("is opened, listed and removed in its own project only", async () => {
    await set("TOKEN", "value");
    const stranger = await createTenant(store);
    expect(await open("TOKEN", stranger)).toBeUndefined();
    expect(await store.secrets.list(stranger.projectId)).toEqual([]);
    expect(await store.secrets.remove(stranger.projectId, "TOKEN")).toBe(false);
    await set("TOKEN", "theirs", { projectId: stranger.projectId });
    expect([await open("TOKEN"), await open("TOKEN", stranger)]).toEqual(["value", "theirs"]);
  });

  it("is one of 20 that are set at the same moment, and whole", async () => {
    const values = Array.from({ length: 20 }, (_, index) => `value ${index}`);
    await Promise.all(values.map((value) => set("TOKEN", value)));
    expect(values).toContain(await open("TOKEN"));
    expect(await store.secrets.list(tenant.projectId)).toHaveLength(1);
  });
}
