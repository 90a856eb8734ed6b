import type { JsonValue, WireRequest } from "@holdpoint/protocol";
import { importEnvelopeKey, openEnvelope, sealEnvelope } from "@holdpoint/protocol/envelope";
import { describe, expect, it } from "vitest";
import { sealPatch, unsealContents } from "./unseal.js";

const key = await importEnvelopeKey("A".repeat(43));
const otherKey = await importEnvelopeKey(`${"B".repeat(42)}A`);
const projectId = "prj_01h455vb4pex5vsknk084sn02q";
const id = "req_01h455vb4pex5vsknk084sn02q";

async function sealedRequest(more: Partial<WireRequest> = {}): Promise<WireRequest> {
  const binding = { projectId, requestId: id, field: "payload" } as const;
  const payload = await sealEnvelope({ amount: 5 }, binding, key);
  return { id, project_id: projectId, encrypted: true, payload, ...more } as WireRequest;
}

describe("unsealContents", () => {
  it("opens with the right key among several", async () => {
    const contents = await unsealContents(await sealedRequest(), [otherKey, key]);
    expect(contents).toEqual({ state: "readable", payload: { amount: 5 }, keyId: key.keyId });
  });

  it("names the key it would need", async () => {
    const contents = await unsealContents(await sealedRequest(), [otherKey]);
    expect(contents).toEqual({ state: "sealed", fault: "unknown_key", keyId: key.keyId });
  });

  it("refuses changed ciphertext", async () => {
    const request = await sealedRequest();
    const payload = request.payload as { ciphertext: string };
    const flipped = payload.ciphertext.startsWith("A") ? "B" : "A";
    const changed = { ...payload, ciphertext: flipped + payload.ciphertext.slice(1) };
    const contents = await unsealContents({ ...request, payload: changed }, [key]);
    expect(contents).toMatchObject({ state: "sealed", fault: "not_authentic" });
  });

  it("refuses ciphertext of another request", async () => {
    const moved = await sealedRequest({ id: "req_01h455vb4pex5vsknk084sn02r" });
    expect(await unsealContents(moved, [key])).toMatchObject({ fault: "bad_binding" });
  });

  it("shows nothing at all when the patch does not open", async () => {
    const binding = { projectId, requestId: id, field: "payload" } as const;
    const notAPatch = await sealEnvelope({ amount: 1 }, binding, key);
    const contents = await unsealContents(await sealedRequest({ patched_payload: notAPatch }), [
      key,
    ]);
    expect(contents.state).toBe("sealed");
  });

  it("computes the diff the server cannot", async () => {
    const request = await sealedRequest();
    const patched_payload = await sealPatch(request, { amount: 3 }, [key]);
    const contents = await unsealContents({ ...request, patched_payload }, [key]);
    expect(contents).toMatchObject({ diff: { changes: [{ path: "/amount", from: 5, to: 3 }] } });
  });
});

describe("sealPatch", () => {
  it("binds the edit to this request's patch, under the same key", async () => {
    const patch: JsonValue = { amount: 3 };
    const sealed = await sealPatch(await sealedRequest(), patch, [otherKey, key]);
    const binding = { projectId, requestId: id, field: "patch" } as const;
    expect(await openEnvelope(sealed, binding, [key])).toEqual(patch);
    await expect(openEnvelope(sealed, { ...binding, field: "payload" }, [key])).rejects.toThrow();
  });

  it("refuses to seal with another key than the agent's", async () => {
    const sealing = sealPatch(await sealedRequest(), { amount: 3 }, [otherKey]);
    await expect(sealing).rejects.toMatchObject({ fault: "unknown_key" });
  });
});
