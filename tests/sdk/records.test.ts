import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { WireList, WireRecord } from "@holdpoint/protocol";
import { DecryptionError, type Records, ValidationError } from "@holdpoint/sdk";
import { describe, expect, test } from "vitest";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { createFolder } from "../harness/folder.js";

const encryptionKey = Buffer.alloc(32, 5).toString("base64url");

async function keysOf(records: Records, options: Parameters<Records["list"]>[0] = {}) {
  const keys: string[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await records.list({ ...options, ...(cursor !== undefined && { cursor }) });
    keys.push(...page.data.map(({ key }) => key));
    cursor = page.nextCursor;
  }
  return keys;
}

/** A control plane that answers other records than were put. */
function tamper(change: (records: WireRecord[]) => readonly object[]): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (init?.method !== "GET") return response;
    const list = (await response.json()) as WireList<WireRecord>;
    return Response.json({ ...list, data: change([...list.data]) });
  };
}

describe("[P-RECORDS] records", () => {
  test.each([
    ["in clear", {}],
    ["encrypted", { encryptionKey }],
  ])("are an agent's ordered memory, %s", async (_name, options) => {
    await using holdpoint = await serveControlPlane();
    const { records } = holdpoint.client(options);
    const steps = Array.from({ length: 30 }, (_, index) => ({
      key: `thread-7/${String(index).padStart(4, "0")}`,
      value: { step: index, text: "Zoë 😀" },
    }));
    await records.put([...steps, { key: "thread-8/0000", value: null }]);
    expect(await records.get("thread-7/0029")).toEqual(steps.at(-1)?.value);
    expect(await records.get("thread-8/0000")).toBeNull();
    expect(await records.get("thread-9")).toBeUndefined();

    const newest = await records.list({ prefix: "thread-7/", order: "descending", limit: 1 });
    expect(newest.data).toMatchObject([steps.at(-1)]);
    const before = { prefix: "thread-7/", before: "thread-7/0010" } as const;
    expect((await records.list({ ...before, order: "descending", limit: 1 })).data).toMatchObject([
      steps[9],
    ]);
    expect(await keysOf(records, { prefix: "thread-7/", limit: 7 })).toEqual(
      steps.map(({ key }) => key),
    );

    await records.put([{ key: "thread-7/0000", value: "late", ifAbsent: true }]);
    expect(await records.get("thread-7/0000")).toEqual(steps[0]?.value);
    await records.delete({ prefix: "thread-7/" });
    await records.delete({ key: "nothing" });
    expect(await keysOf(records)).toEqual(["thread-8/0000"]);
  });

  test("of one of 50 clients stay, where each puts what is absent", async () => {
    await using holdpoint = await serveControlPlane();
    const clients = Array.from({ length: 50 }, () => holdpoint.client({ encryptionKey }));
    const values = await Promise.all(
      clients.map(async ({ records }, index) => {
        await records.put([{ key: "leader", value: index, ifAbsent: true }]);
        return records.get<number>("leader");
      }),
    );
    expect(new Set(values).size).toBe(1);
  });

  test("are the largest there may be, encrypted or not, and no larger", async () => {
    await using holdpoint = await serveControlPlane();
    for (const options of [{}, { encryptionKey }]) {
      const { records } = holdpoint.client(options);
      const largest = "x".repeat(524_286);
      await records.put([{ key: "large", value: largest }]);
      expect(await records.get("large")).toBe(largest);
      const beyond = records.put([{ key: "large", value: `${largest}x` }]);
      await expect(beyond).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
      const half = { value: "x".repeat(400_000) };
      const together = records.put(["a", "b", "c"].map((key) => ({ key, ...half })));
      await expect(together).rejects.toBeInstanceOf(ValidationError);
      await expect(together).rejects.toMatchObject({ code: "BODY_TOO_LARGE" });
      expect(await records.get("a")).toBeUndefined();
    }
  });

  test("are there after a lost answer is retried, once", async () => {
    await using holdpoint = await serveControlPlane();
    let calls = 0;
    const losing: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      calls += 1;
      if (calls === 1) throw new TypeError("fetch failed");
      return response;
    };
    const { records } = holdpoint.client({ fetch: losing });
    await records.put([{ key: "k", value: 1, ifAbsent: true }]);
    expect(calls).toBe(2);
    expect(await keysOf(records)).toEqual(["k"]);
  });

  test("[G6] never reach the server, its disk or its log in clear", async () => {
    await using folder = await createFolder();
    await using holdpoint = await serveControlPlane({
      storage: { kind: "sqlite", path: join(folder.path, "holdpoint.db") },
    });
    const texts: string[] = [];
    const recording: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      texts.push(String(init?.body), await response.clone().text());
      return response;
    };
    const hp = holdpoint.client({ encryptionKey, fetch: recording });
    const canary = "canary-81be2c";
    await hp.records.put([{ key: "thread-7", value: { [canary]: canary } }]);
    hp.observe({ service: "mailer", action: "list", payload: { value: canary } });
    await hp.flush();
    expect(await hp.records.get("thread-7")).toEqual({ [canary]: canary });
    await holdpoint.plane.close();
    for (const name of await readdir(folder.path)) {
      texts.push(await readFile(join(folder.path, name), "latin1").catch(() => ""));
    }
    texts.push(...holdpoint.log);
    expect(texts.join("\n")).toContain("thread-7");
    expect(texts.join("\n")).not.toContain(canary);
  });

  describe("[G4] that the control plane swaps, moves or opens are not handed on", () => {
    async function refused(
      holdpoint: ServedControlPlane,
      change: (records: WireRecord[]) => readonly object[],
    ): Promise<unknown> {
      const { records } = holdpoint.client({ encryptionKey });
      await records.put([
        { key: "a", value: "first" },
        { key: "b", value: "second" },
      ]);
      const deceived = holdpoint.client({ encryptionKey, fetch: tamper(change) });
      return deceived.records.list().catch((error: unknown) => error);
    }
    const swapped = ([a, b]: WireRecord[]) => [
      { ...a, value: b?.value },
      { ...b, value: a?.value },
    ];
    test.each([
      ["values swapped", swapped, "DECRYPTION_FAILED"],
      ["one under another name", ([a]: WireRecord[]) => [{ ...a, key: "c" }], "DECRYPTION_FAILED"],
      [
        "plaintext",
        ([a]: WireRecord[]) => [{ ...a, value: "first", encrypted: false }],
        "PLAINTEXT_REFUSED",
      ],
    ] as const)("%s", async (_name, change, code) => {
      await using holdpoint = await serveControlPlane();
      const error = await refused(holdpoint, change);
      expect(error).toBeInstanceOf(DecryptionError);
      expect(error).toMatchObject({ code });
    });
  });

  test("of another agent or project are neither seen nor touched", async () => {
    await using holdpoint = await serveControlPlane();
    const { records } = holdpoint.client();
    await records.put([{ key: "k", value: "mine" }]);
    const { admin } = holdpoint.plane;
    const colleague = await admin.createApiKey(holdpoint.projectId, { agent: "other-bot" });
    const abroad = await admin.bootstrap({
      email: "mallory@example.com",
      name: "Mallory",
      projectName: "Abroad",
    });
    const stranger = await admin.createApiKey(abroad.projectId, { agent: "billing-bot" });
    for (const { apiKey } of [colleague, stranger]) {
      const other = holdpoint.client({ apiKey }).records;
      expect(await other.get("k")).toBeUndefined();
      expect(await keysOf(other)).toEqual([]);
      await other.delete({ prefix: "k" });
    }
    const same = await admin.createApiKey(holdpoint.projectId, { agent: "billing-bot" });
    expect(await holdpoint.client({ apiKey: same.apiKey }).records.get("k")).toBe("mine");
    const response = await holdpoint.operate("/v1/records?key=k");
    expect(response.status).toBe(403);
  });
});
