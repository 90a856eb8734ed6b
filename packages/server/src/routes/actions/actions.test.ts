import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { LeaseHolder } from "../testing/lease-holder.js";
import { type Credentials, codeOf, newAction, World } from "../testing/world.js";

let world: World;
beforeEach(async () => {
  await world?.controlPlane.close();
  world = await World.create();
});
afterAll(() => world.controlPlane.close());

type As = keyof Credentials;
type Manifest = ReturnType<typeof newAction>;

const ticket = (fields: object = {}): Manifest => newAction({ id: "create-ticket", ...fields });
const register = (manifest: Manifest, as: As = "admin") =>
  world.call("PUT", `/v1/actions/${manifest.id}`, { as, body: manifest });
const get = (path: string, as: As = "admin") => world.call("GET", `/v1/actions${path}`, { as });
const withdraw = (id = "create-ticket") =>
  world.call("POST", `/v1/actions/${id}/withdraw`, { as: "admin" });
const idsFor = async (as: As) => (await get("", as)).body.data.map(({ id }: { id: string }) => id);

describe("an action", () => {
  it("is registered, and what it is can be seen from both sides", async () => {
    const { status, body } = await register(ticket());
    expect(status).toBe(201);
    expect(body).toMatchObject({
      id: "create-ticket",
      version: "1.0.0",
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      approval: "policy",
      verification: "status",
      returns_output: true,
      registration: {
        manifest: ticket(),
        registered_by: { type: "operator", name: "Ada" },
        calls: 0,
      },
    });
    expect((await get("")).body.data).toEqual([body]);
    expect((await get("/create-ticket", "viewer")).body).toEqual(body);
    const { registration, ...seen } = body;
    expect((await get("", "agent")).body.data).toEqual([seen]);
    expect((await get("/create-ticket", "agent")).body).toEqual(seen);
    expect((await get("/create-ticket/egress", "agent")).body).toEqual({
      action: "create-ticket",
      version: "1.0.0",
      egress: ticket().egress,
    });
  });

  it("[G7] leaves a receipt of its registration, and one of its withdrawal", async () => {
    const { body } = await register(ticket());
    await withdraw();
    const reply = await world.call("GET", "/v1/receipts", { as: "admin" });
    const told = reply.body.data.map((receipt: { jws: string }) => contentOf(receipt.jws));
    const subject = { id: "create-ticket", version: "1.0.0", digest: body.digest };
    expect(told).toMatchObject([
      { id: body.registration.receipt_id, type: "action.registered", subject },
      { type: "action.withdrawn", subject, actor: { type: "operator", name: "Ada" } },
    ]);
  });

  it("stays as it is when it is sent again, whatever the order of its members", async () => {
    const { body } = await register(ticket());
    world.clock.advance(1_000);
    const turned = Object.fromEntries(Object.entries(ticket()).toReversed());
    const again = await register(turned as unknown as Manifest);
    expect([again.status, again.body]).toEqual([200, body]);
  });

  it("has another version for another text, and keeps those before", async () => {
    const first = await register(ticket());
    const changed = await register(ticket({ title: "Changed" }));
    expect([changed.status, codeOf(changed)]).toEqual([409, "RESOURCE_CONFLICT"]);
    const second = await register(ticket({ title: "Changed", version: "1.1.0" }));
    expect(second.status).toBe(201);
    expect((await get("/create-ticket")).body).toEqual(second.body);
    expect((await get("/create-ticket/versions")).body.data).toEqual([second.body, first.body]);
    const pinned = await get(`/create-ticket?digest=${first.body.digest}`, "agent");
    expect(pinned.body).toMatchObject({ version: "1.0.0", digest: first.body.digest });
    expect(codeOf(await register(ticket()))).toBe("RESOURCE_CONFLICT");
  });

  it("is out of use once withdrawn, and comes back as another version", async () => {
    await register(ticket({ version: "0.9.0" }));
    const { body } = await register(ticket());
    const withdrawn = await withdraw();
    expect(withdrawn.body.registration.withdrawn_at).toBeDefined();
    expect(codeOf(await get("/create-ticket", "agent"))).toBe("ACTION_NOT_FOUND");
    expect((await get("")).body.data).toEqual([]);
    expect(codeOf(await withdraw())).toBe("ACTION_NOT_FOUND");
    const pinned = await get(`/create-ticket?digest=${body.digest}`);
    expect(pinned.body.registration.withdrawn_at).toBeDefined();
    expect(codeOf(await register(ticket()))).toBe("RESOURCE_CONFLICT");
    await register(ticket({ version: "1.0.1" }));
    expect((await get("/create-ticket")).body.version).toBe("1.0.1");
    const versions = (await get("/create-ticket/versions")).body.data;
    const inUse = versions.map((each: Versioned) => each.registration.withdrawn_at === undefined);
    expect(inUse).toEqual([true, false, false]);
  });

  it("is seen with a lease for it, and another is not", async () => {
    await register(ticket());
    await register(ticket({ id: "close-ticket" }));
    const holder = await LeaseHolder.create(world, { scopes: ["actions:close-ticket"] });
    const { body } = await holder.call("GET", "/v1/actions");
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual(["close-ticket"]);
    expect((await holder.call("GET", "/v1/actions/close-ticket")).status).toBe(200);
    for (const path of ["/v1/actions/create-ticket", "/v1/actions/create-ticket/egress"]) {
      expect(codeOf(await holder.call("GET", path))).toBe("ACTION_NOT_FOUND");
    }
  });

  it("belongs to its project", async () => {
    await register(ticket());
    expect(await idsFor("foreignAgent")).toEqual([]);
    expect((await register(ticket({ title: "Theirs" }), "foreignAdmin")).status).toBe(201);
    expect((await get("/create-ticket")).body.title).toBe(ticket().title);
  });

  it("is refused with each fault and where it is", async () => {
    const { status, body } = await register(
      ticket({ egress: { domains: ["other.example"] }, risk: "critical", approval: "never" }),
    );
    expect([status, body.code]).toEqual([422, "ACTION_INVALID"]);
    expect(body.issues.map(({ path }: { path: string }) => path)).toEqual([
      "/approval",
      "/provider/url",
    ]);
    expect((await get("")).body.data).toEqual([]);
  });

  it("is refused under another id than its own", async () => {
    const body = ticket();
    const reply = await world.call("PUT", "/v1/actions/other", { as: "admin", body });
    expect([codeOf(reply), reply.body.issues[0].path]).toEqual(["ACTION_INVALID", "/id"]);
  });

  it("reaches private networks only where the control plane lets it", async () => {
    const egress = { domains: ["desk.example.com"], allow_private: true };
    const refused = await register(ticket({ egress }));
    expect(refused.body.issues[0].path).toBe("/egress/allow_private");
    await world.controlPlane.close();
    world = await World.create({ allowPrivateEgress: true });
    expect((await register(ticket({ egress }))).status).toBe(201);
  });

  it("names a module that is there", async () => {
    const unknown = await register(moduleAction(`sha256:${"0".repeat(64)}`));
    expect([codeOf(unknown), unknown.body.issues[0].path]).toEqual([
      "ACTION_INVALID",
      "/provider/module",
    ]);
    const { body } = await keepModule(MODULE);
    expect(body).toMatchObject({ size_bytes: 8 });
    expect((await register(moduleAction(body.digest))).status).toBe(201);
  });
});

describe("a module", () => {
  it("is kept once, by its digest", async () => {
    const first = await keepModule(MODULE);
    world.clock.advance(1_000);
    expect((await keepModule(MODULE)).body).toEqual(first.body);
    expect((await keepModule(MODULE, "foreignAdmin")).body.digest).toBe(first.body.digest);
  });

  it.each(["", "AGFzbQ==", "PHN2Zy8+"])("is refused where %j is none", async (module) => {
    expect(codeOf(await keepModule(module))).toBe("VALIDATION_FAILED");
  });
});

/** The smallest module there is. */
const MODULE = "AGFzbQEAAAA=";

const keepModule = (module: string, as: As = "admin") =>
  world.call("POST", "/v1/wasm-modules", { as, body: { module } });

const moduleAction = (module: string) =>
  ticket({ provider: { type: "wasm", module }, egress: { domains: ["desk.example.com"] } });

interface Versioned {
  readonly registration: { readonly withdrawn_at?: string };
}

function contentOf(jws: string) {
  return JSON.parse(Buffer.from(jws.split(".")[1] ?? "", "base64url").toString("utf8"));
}
