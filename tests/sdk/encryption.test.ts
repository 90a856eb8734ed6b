import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { WireRequest } from "@holdpoint/protocol";
import { importEnvelopeKey, openEnvelope, sealEnvelope } from "@holdpoint/protocol/envelope";
import { describe, expect, test } from "vitest";
import { RefusedError, serveControlPlane } from "../harness/control-plane.js";
import { createFolder } from "../harness/folder.js";

const encryptionKey = Buffer.alloc(32, 5).toString("base64url");
const canary = "canary-7f3a91";
const ask = {
  service: "mailer",
  action: "send",
  payload: { to: `${canary}@example.com`, body: canary, nested: { [canary]: 1 } },
};

/** Every byte of a folder, and of what looks like text inside. */
async function readFolder(path: string): Promise<string> {
  const names = await readdir(path, { recursive: true });
  const files = await Promise.all(
    names.map((name) => readFile(join(path, name), "latin1").catch(() => "")),
  );
  return files.join("\n");
}

describe("end-to-end encryption", () => {
  test("[G6] the payload, the edit and their keys never reach the server, its disk, log or errors", async () => {
    await using folder = await createFolder();
    const texts: string[] = [];
    await using holdpoint = await serveControlPlane({
      storage: { kind: "sqlite", path: join(folder.path, "holdpoint.db") },
    });
    const recordingFetch: typeof fetch = async (input, init) => {
      texts.push(
        String(init?.body ?? (input instanceof Request ? await input.clone().text() : "")),
      );
      const response = await fetch(input, init);
      texts.push(await response.clone().text());
      return response;
    };
    const hp = holdpoint.client({ encryptionKey, fetch: recordingFetch });
    const { id } = await hp.defer(ask);
    const key = await importEnvelopeKey(encryptionKey);
    const binding = { projectId: holdpoint.projectId, requestId: id } as const;

    const seen = (await (await holdpoint.operate(`/v1/requests/${id}`)).json()) as WireRequest;
    expect(seen.encrypted).toBe(true);
    expect(await openEnvelope(seen.payload, { ...binding, field: "payload" }, [key])).toEqual(
      ask.payload,
    );

    const edited = { ...ask.payload, body: `${canary} edited` };
    const patch = await sealEnvelope(edited, { ...binding, field: "patch" }, key);
    const moved = await sealEnvelope(edited, { ...binding, field: "payload" }, key);
    for (const [wrong, code] of [
      [edited, "PLAINTEXT_REFUSED"],
      [moved, "ENVELOPE_INVALID"],
      [{ ...patch, tag: "x" }, "ENVELOPE_INVALID"],
    ] as const) {
      const refused: unknown = await holdpoint
        .decide(id, { decision: "approve", patched_payload: wrong as never })
        .catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(RefusedError);
      expect((refused as RefusedError).problem.code).toBe(code);
      texts.push(JSON.stringify((refused as RefusedError).problem));
    }
    await holdpoint.decide(id, { decision: "approve", patched_payload: { ...patch } });
    expect(await hp.wait(id)).toMatchObject({ approved: true, approvedPayload: edited });

    texts.push(...holdpoint.log, await readFolder(folder.path));
    await holdpoint.plane.close();
    texts.push(await readFolder(folder.path));
    expect(texts.join("\n")).toContain(id);
    expect(texts.join("\n")).not.toContain(canary);
    expect(texts.join("\n")).not.toContain(encryptionKey);
  });

  test("at rest, an unencrypted payload is not readable in the database either", async () => {
    await using folder = await createFolder();
    const holdpoint = await serveControlPlane({
      storage: { kind: "sqlite", path: join(folder.path, "holdpoint.db") },
    });
    const { id } = await holdpoint.client().defer(ask);
    await holdpoint.decide(id, {
      decision: "approve",
      patched_payload: { ...ask.payload, body: `${canary}!` },
    });
    const running = await readFolder(folder.path);
    await holdpoint.plane.close();
    const bytes = running + (await readFolder(folder.path));
    expect(bytes).toContain(id);
    expect(bytes).not.toContain(canary);
    expect(holdpoint.log.join("\n")).not.toContain(canary);
  });

  test("[G4] an answer that does not open is an error, never an approval", async () => {
    await using holdpoint = await serveControlPlane();
    const otherKey = Buffer.alloc(32, 6).toString("base64url");
    const { id } = await holdpoint.client({ encryptionKey }).defer(ask);
    await holdpoint.decide(id, { decision: "approve" });
    await expect(holdpoint.client({ encryptionKey: otherKey }).wait(id)).rejects.toMatchObject({
      name: "DecryptionError",
      code: "DECRYPTION_KEY_MISSING",
    });
    await expect(holdpoint.client().wait(id)).rejects.toMatchObject({
      code: "DECRYPTION_KEY_MISSING",
    });
    const rotated = holdpoint.client({ encryptionKey: [otherKey, encryptionKey] });
    expect(await rotated.wait(id)).toMatchObject({ approved: true, payload: ask.payload });
  });

  test("[G4] with a key set, plaintext where ciphertext is due is refused", async () => {
    await using holdpoint = await serveControlPlane();
    const { id } = await holdpoint.client().defer(ask);
    await holdpoint.decide(id, { decision: "approve" });
    await expect(holdpoint.client({ encryptionKey }).wait(id)).rejects.toMatchObject({
      code: "PLAINTEXT_REFUSED",
    });
  });
});
