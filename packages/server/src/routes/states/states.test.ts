import { LIMITS } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, newRequest, newState, type Reply, World } from "../testing/world.js";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.controlPlane.close());

const create = (body: object, as: "agent" | "otherAgent" = "agent") =>
  world.call("POST", "/v1/states", { as, body });
const get = (id: string) => world.call("GET", `/v1/states/${id}`, { as: "agent" });

describe("a state", () => {
  it("is made once per id, and found with its key", async () => {
    const state = newState();
    const made = await create(state);
    expect(made).toMatchObject({ status: 201, body: { id: state.id } });
    expect(made.body).not.toHaveProperty("key");
    expect(await create(state)).toMatchObject({ status: 200, body: { id: state.id } });
    const other = { ...state, key: Buffer.alloc(32, 8).toString("base64url") };
    expect(codeOf(await create(other))).toBe("RESOURCE_CONFLICT");
    expect(codeOf(await create(state, "otherAgent"))).toBe("RESOURCE_CONFLICT");
    const found = await get(state.id);
    expect(found.body).toMatchObject({ id: state.id, key: state.key });
    expect(found.body).not.toHaveProperty("download_url");
  });

  it.each([
    ["a key of another length", { key: "AAAA" }, "VALIDATION_FAILED"],
    ["an envelope for elsewhere", { key: envelope() }, "ENVELOPE_INVALID"],
    ["more than is kept", { size_bytes: LIMITS.stateBytes + 1 }, "STATE_TOO_LARGE"],
    ["another kind of id", { id: typeidUnboxed("req") }, "VALIDATION_FAILED"],
  ])("is refused with %s", async (_name, fields, code) => {
    expect(codeOf(await create(newState(fields)))).toBe(code);
  });

  it("belongs to the agent that parked it, also where a request names it", async () => {
    const { id } = await world.park();
    const ask = (as: "agent" | "otherAgent" | "foreignAgent", state_id = id) =>
      world.call("POST", "/v1/requests", { as, body: newRequest({ state_id }) });
    expect(await ask("agent")).toMatchObject({ status: 201, body: { state_id: id } });
    for (const as of ["otherAgent", "foreignAgent"] as const) {
      expect(codeOf(await ask(as))).toBe("STATE_NOT_FOUND");
    }
    expect(codeOf(await ask("agent", typeidUnboxed("sta")))).toBe("STATE_NOT_FOUND");
  });
});

describe("the bytes of a state", () => {
  it("come back as they went, and are taken once", async () => {
    const { id } = newState();
    const path = await world.reserve({ id });
    expect(await world.call("PUT", path, { rawBody: "first" })).toMatchObject({ status: 204 });
    expect(codeOf(await world.call("PUT", path, { rawBody: "second" }))).toBe("RESOURCE_CONFLICT");
    const { body } = await get(id);
    expect(body).toMatchObject({ size_bytes: 5, uploaded_at: expect.any(String) });
    const { pathname, search } = new URL(body.download_url);
    const download = await world.call("GET", `${pathname}${search}`);
    expect(download.body).toBe("first");
    expect(download.headers.get("content-type")).toBe("application/octet-stream");
  });

  it("are taken once of 50 uploads at the same moment", async () => {
    const { id } = newState();
    const path = await world.reserve({ id });
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        world.call("PUT", path, { rawBody: `upload ${index}`.padEnd(2_000) }),
      ),
    );
    expect(replies.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(new Set(replies.map(codeOf))).toEqual(new Set([undefined, "RESOURCE_CONFLICT"]));
  });

  it("go and come by the signed URL only", async () => {
    const { id } = newState();
    const upload = await world.reserve({ id });
    const { path: download } = await world.park();
    const other = upload.replace(id, newState().id);
    const tampered: [string, string][] = [
      ["PUT", other],
      ["PUT", upload.replace(/signature=./, (text) => `${text.slice(0, -1)}_`)],
      ["PUT", upload.replace(/signature=.*/, "signature=")],
      ["PUT", upload.replace(/expires=(\d+)/, (_, at) => `expires=${Number(at) + 1}`)],
      ["PUT", upload.replace(world.projectId, world.foreignProjectId)],
      ["PUT", download],
      ["GET", upload],
    ];
    for (const [method, path] of tampered) {
      const options = method === "PUT" ? { rawBody: "bytes" } : {};
      expect(codeOf(await world.call(method, path, options)), path).toBe("STATE_URL_INVALID");
    }
    expect(codeOf(await world.call("PUT", "/v1/blobs", { rawBody: "x" }))).toBe("ROUTE_NOT_FOUND");
  });

  it("go by a URL that expires after an hour", async () => {
    const path = await world.reserve();
    world.clock.advance(3_599_999);
    expect(await world.call("PUT", path, { rawBody: "late" })).toMatchObject({ status: 204 });
    const { path: download } = await world.park();
    world.clock.advance(3_600_000);
    expect(codeOf(await world.call("GET", download))).toBe("STATE_URL_INVALID");
  });

  it("are refused beyond the limit while they arrive, and nothing is kept", async () => {
    const { id } = newState();
    const path = await world.reserve({ id });
    const piece = new Uint8Array(64 * 1_048_576);
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += piece.length;
        controller.enqueue(piece);
      },
    });
    expect(codeOf(await put(path, endless))).toBe("STATE_TOO_LARGE");
    expect(sent).toBeLessThan(LIMITS.stateBytes + 3 * piece.length);
    expect((await get(id)).body).not.toHaveProperty("uploaded_at");
    const declared = { "content-length": String(LIMITS.stateBytes + 1) };
    const refused = await world.call("PUT", path, { rawBody: "x", headers: declared });
    expect(codeOf(refused)).toBe("STATE_TOO_LARGE");
  });

  it("that break off are not kept, and can be sent again", async () => {
    const { id } = newState();
    const path = await world.reserve({ id });
    const broken = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Buffer.from("half"));
      },
      pull(controller) {
        controller.error(new Error("The client has gone."));
      },
    });
    expect(codeOf(await put(path, broken))).toBe("BODY_MALFORMED");
    const short = await world.call("PUT", path, {
      rawBody: "short",
      headers: { "content-length": "6" },
    });
    expect(codeOf(short)).toBe("BODY_MALFORMED");
    expect(codeOf(await world.call("PUT", path, { rawBody: "" }))).toBe("BODY_MALFORMED");
    expect((await get(id)).body).not.toHaveProperty("uploaded_at");
    expect(await world.call("PUT", path, { rawBody: "whole" })).toMatchObject({ status: 204 });
  });
});

async function put(path: string, body: ReadableStream<Uint8Array>): Promise<Reply> {
  const init = { method: "PUT", body, duplex: "half" } as RequestInit;
  const response = await world.controlPlane.fetch(new Request(`http://localhost${path}`, init));
  return { status: response.status, headers: response.headers, body: await response.json() };
}

function envelope() {
  const part = "AAAA";
  return { protected: part, aad: part, iv: part, ciphertext: part, tag: part };
}
