import { typeidUnboxed } from "typeid-js";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { InvalidCursorError } from "../errors.js";
import type { Store } from "../store.js";
import type { NewRecord, RecordOwner, RecordQuery } from "../verbs/records.js";
import { createTenant, makeApiKey, NOW, type Tenant } from "./fixture.js";

/** What agents keep under names of their own. */
export function testRecords(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  /** A new agent for each test. */
  let owner: RecordOwner;

  async function createOwner({ projectId }: Tenant): Promise<RecordOwner> {
    const id = typeidUnboxed("key");
    const { agent } = await store.apiKeys.create(makeApiKey(projectId, id, id));
    return { projectId, agentId: agent.id };
  }
  beforeAll(async () => {
    store = useStore();
    tenant = await createTenant(store);
  });
  beforeEach(async () => {
    owner = await createOwner(tenant);
  });

  const entry = (
    key: string,
    value: unknown = key,
    fields: Partial<NewRecord> = {},
  ): NewRecord => ({
    key,
    value: value as NewRecord["value"],
    encrypted: false,
    ifAbsent: false,
    ...fields,
  });
  const put = (records: readonly NewRecord[], at = NOW) => store.records.put(owner, records, at);
  const putKeys = (...keys: string[]) => put(keys.map((key) => entry(key)));
  const list = (query: Partial<RecordQuery> = {}, of = owner) =>
    store.records.list(of, { order: "ascending", limit: 100, maxBytes: 1_048_576, ...query });
  const keys = async (query: Partial<RecordQuery> = {}) =>
    (await list(query)).items.map(({ key }) => key);
  const allKeys = async (query: Partial<RecordQuery>) => {
    const pages: string[][] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = await list({ ...query, ...(cursor !== undefined && { cursor }) });
      pages.push(page.items.map(({ key }) => key));
      cursor = page.nextCursor;
    }
    return pages;
  };

  it.each([
    ["an object", { step: 42, nested: [null, true, "Zoë 😀\u0000"] }],
    ["null", null],
    ["an empty text", ""],
    ["half a million bytes", "x".repeat(524_286)],
  ])("gives back %s, and what replaces it", async (_name, value) => {
    await put([entry("k", value)]);
    expect(await store.records.find(owner, "k")).toEqual({
      key: "k",
      value,
      encrypted: false,
      updatedAt: NOW,
    });
    const envelope = { protected: "e30", aad: "YQ", iv: "aa", ciphertext: "bb", tag: "cc" };
    await put([entry("k", envelope, { encrypted: true })], NOW + 1);
    const replaced = { key: "k", value: envelope, encrypted: true, updatedAt: NOW + 1 };
    expect(await store.records.find(owner, "k")).toEqual(replaced);
    expect((await list()).items).toEqual([replaced]);
  });

  it("leaves an entry that is there as it is, where asked to", async () => {
    await put([entry("a", 1)]);
    await put([entry("a", 2, { ifAbsent: true }), entry("b", 2, { ifAbsent: true })], NOW + 1);
    expect(await store.records.find(owner, "a")).toMatchObject({ value: 1, updatedAt: NOW });
    expect(await store.records.find(owner, "b")).toMatchObject({ value: 2, updatedAt: NOW + 1 });
  });

  it("keeps all entries of a call or none", async () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    await expect(put([entry("a"), entry("b", cyclic)])).rejects.toThrow(TypeError);
    const nowhere = { projectId: tenant.projectId, agentId: "agt_missing" };
    await expect(store.records.put(nowhere, [entry("a")], NOW)).rejects.toThrow();
    expect(await keys()).toEqual([]);
  });

  it("orders keys by their code points, letter case and language ignored", async () => {
    const ordered = [" a", "A", "Z", "a", "a b", "a-", "a/", "a/1", "a/10", "a/2", "aa", "ab"];
    const beyond = ["z", "Ä", "é", "한", "\uff5e", "😀"];
    const all = [...ordered, ...beyond];
    await putKeys(...all.toReversed());
    expect(await keys()).toEqual(all);
    expect(await keys({ order: "descending" })).toEqual(all.toReversed());
  });

  it("lists by prefix and by exclusive bounds, and takes no sign for a pattern", async () => {
    await putKeys("a", "a%", "a%b", "a_b", "a/1", "a/2", "a/3", "b", "A/1", "a/😀");
    expect(await keys({ prefix: "a/" })).toEqual(["a/1", "a/2", "a/3", "a/😀"]);
    expect(await keys({ prefix: "a%" })).toEqual(["a%", "a%b"]);
    expect(await keys({ prefix: "a_" })).toEqual(["a_b"]);
    expect(await keys({ prefix: "a/", after: "a/1" })).toEqual(["a/2", "a/3", "a/😀"]);
    expect(await keys({ prefix: "a/", before: "a/3", after: "a/1" })).toEqual(["a/2"]);
    const newest = { prefix: "a/", before: "a/3", order: "descending", limit: 1 } as const;
    expect(await keys(newest)).toEqual(["a/2"]);
    expect(await keys({ prefix: "c" })).toEqual([]);
  });

  it.each(["ascending", "descending"] as const)("goes page by page, %s", async (order) => {
    const all = Array.from({ length: 25 }, (_, index) => `k/${String(index).padStart(2, "0")}`);
    await putKeys(...all, "other");
    const pages = await allKeys({ prefix: "k/", order, limit: 10 });
    expect(pages.map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(pages.flat()).toEqual(order === "ascending" ? all : all.toReversed());
    const { nextCursor } = await list({ order, limit: 10 });
    const other = order === "ascending" ? "descending" : "ascending";
    const turned = list({ order: other, cursor: nextCursor ?? "" });
    await expect(turned).rejects.toThrow(InvalidCursorError);
    await expect(list({ order, cursor: "nonsense" })).rejects.toThrow(InvalidCursorError);
  });

  it("ends a page early once its values are large enough, and leaves none out", async () => {
    const all = Array.from({ length: 12 }, (_, index) => `k${String(index).padStart(2, "0")}`);
    await put(all.map((key) => entry(key, "x".repeat(398))));
    const pages = await allKeys({ maxBytes: 1_000 });
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 3, 3]);
    expect(pages.flat()).toEqual(all);
    expect(await allKeys({ maxBytes: 1 })).toEqual(all.map((key) => [key]));
    expect(await allKeys({ maxBytes: 1_000, limit: 2 })).toHaveLength(6);
  });

  it("deletes one, or all with a prefix, and is silent about what is not there", async () => {
    await putKeys("a", "a/1", "a/2", "a%", "b");
    await store.records.remove(owner, "a");
    await store.records.remove(owner, "a");
    expect(await keys()).toEqual(["a%", "a/1", "a/2", "b"]);
    await store.records.removePrefix(owner, "a/");
    await store.records.removePrefix(owner, "nothing");
    expect(await keys()).toEqual(["a%", "b"]);
    expect(await store.records.find(owner, "a/1")).toBeUndefined();
  });

  it("shows and deletes nothing of another agent or project", async () => {
    const colleague = await createOwner(tenant);
    const stranger = await createOwner(await createTenant(store));
    const mixed = { projectId: stranger.projectId, agentId: owner.agentId };
    await putKeys("a");
    for (const other of [colleague, stranger, mixed]) {
      expect(await store.records.find(other, "a")).toBeUndefined();
      expect((await list({}, other)).items).toEqual([]);
      await store.records.remove(other, "a");
      await store.records.removePrefix(other, "a");
    }
    await store.records.put(colleague, [entry("a", "theirs")], NOW);
    expect(await store.records.find(owner, "a")).toMatchObject({ value: "a" });
    expect((await list({}, colleague)).items).toMatchObject([{ value: "theirs" }]);
  });

  describe("at the same moment", () => {
    it("lets one of 50 that put what is absent win", async () => {
      await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          put([entry("lock", index, { ifAbsent: true }), entry(`tried/${index}`)], NOW + index),
        ),
      );
      const { items } = await list({ prefix: "lock" });
      expect(items).toHaveLength(1);
      expect(items[0]?.updatedAt).toBe(NOW + Number(items[0]?.value));
      expect(await keys({ prefix: "tried/" })).toHaveLength(50);
    });

    it("keeps whole batches of 50 that replace the same entries", async () => {
      await Promise.all(
        Array.from({ length: 50 }, (_, index) => {
          const batch = [entry("x", index), entry("y", index), entry("z", index)];
          return put(index % 2 === 0 ? batch : batch.toReversed());
        }),
      );
      const { items } = await list();
      expect(new Set(items.map(({ value }) => value)).size).toBe(1);
    });

    it("deletes all or nothing of a batch that is being put", async () => {
      for (let round = 0; round < 10; round += 1) {
        await putKeys(`r${round}/old`);
        await Promise.all([
          ...Array.from({ length: 20 }, (_, index) =>
            putKeys(`r${round}/old`, `r${round}/new-${index}`),
          ),
          ...Array.from({ length: 5 }, () => store.records.removePrefix(owner, `r${round}/`)),
        ]);
        const left = await keys({ prefix: `r${round}/` });
        // Whoever was put after the last deletion has put the old one again.
        const hasNew = left.some((key) => key.includes("/new-"));
        expect(left.includes(`r${round}/old`)).toBe(hasNew);
      }
    });
  });
}
