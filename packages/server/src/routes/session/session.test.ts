import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, ORIGIN, World } from "../testing/world.js";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.controlPlane.close());

async function newLinkPath(operatorId = world.adminId): Promise<string> {
  const { url } = await world.controlPlane.admin.createSignInLink(operatorId);
  return `/auth/magic-link/verify?${new URL(url).hash.slice(1)}`;
}

describe("a sign-in link", () => {
  it("keeps its token in the fragment, which is never sent", async () => {
    const link = await world.controlPlane.admin.createSignInLink(world.adminId);
    const url = new URL(link.url);
    expect([url.pathname, url.search]).toEqual(["/sign-in", ""]);
    expect(url.hash).toMatch(/^#token=.{32,}$/);
    const minutes = (link.expiresAt.getTime() - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(14);
    expect(minutes).toBeLessThanOrEqual(15);
  });

  it("signs in once; a replay is refused, also at the same moment", async () => {
    const path = await newLinkPath();
    const replies = await Promise.all(Array.from({ length: 8 }, () => world.call("GET", path)));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const refused of replies.filter(({ status }) => status !== 200)) {
      expect(codeOf(refused)).toBe("CREDENTIAL_INVALID");
      expect(refused.headers.getSetCookie()).toEqual([]);
    }
  });

  it("sets a cookie that scripts and other sites do not get", async () => {
    const reply = await world.call("GET", await newLinkPath());
    const cookies = reply.headers.getSetCookie();
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatch(/^holdpoint\.session_token=.+; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(JSON.stringify(reply.body)).not.toContain(cookies[0]?.split(/[=.%]/)[2]);
  });

  it("cannot be followed by another site for its visitor", async () => {
    const headers = { "sec-fetch-site": "cross-site" };
    const reply = await world.call("GET", await newLinkPath(), { headers });
    expect(codeOf(reply)).toBe("ORIGIN_NOT_ALLOWED");
  });

  it("that nobody made is refused, and makes nobody", async () => {
    const before = await world.call("GET", "/v1/operators", { as: "admin" });
    const reply = await world.call("GET", "/auth/magic-link/verify?token=guess");
    expect(codeOf(reply)).toBe("CREDENTIAL_INVALID");
    const after = await world.call("GET", "/v1/operators", { as: "admin" });
    expect(after.body).toEqual(before.body);
  });
});

describe("on an https address", () => {
  it("the cookie is Secure", async () => {
    await using secure = await World.create({ publicUrl: "https://holdpoint.example" });
    const { url } = await secure.controlPlane.admin.createSignInLink(secure.adminId);
    expect(url).toMatch(/^https:\/\/holdpoint\.example\/sign-in#/);
    const path = `/auth/magic-link/verify?${new URL(url).hash.slice(1)}`;
    const [cookie] = (await secure.call("GET", path)).headers.getSetCookie();
    expect(cookie).toMatch(/^__Secure-holdpoint\.session_token=.*; Secure;/);
    const headers = { cookie: cookie?.split(";", 1)[0] ?? "" };
    expect((await secure.call("GET", "/v1/me", { headers })).status).toBe(200);
  });
});

describe("a session", () => {
  it.each([
    [{}, "ORIGIN_NOT_ALLOWED"],
    [{ origin: "null" }, "ORIGIN_NOT_ALLOWED"],
    [{ origin: "https://evil.example" }, "ORIGIN_NOT_ALLOWED"],
    [{ origin: "http://localhost.evil.example" }, "ORIGIN_NOT_ALLOWED"],
    [{ origin: ORIGIN }, undefined],
  ])("changes something from %j: %s", async (headers, code) => {
    const cookie = await world.signIn();
    const reply = await world.call("POST", "/v1/projects", {
      headers: { cookie, ...headers },
      body: { name: "By cookie" },
    });
    expect(codeOf(reply)).toBe(code);
  });

  it("ends with sign-out", async () => {
    const cookie = await world.signIn();
    const out = await world.call("POST", "/v1/sign-out", { headers: { cookie, origin: ORIGIN } });
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie().join()).toMatch(/session_token=;.*Max-Age=0/);
    const after = await world.call("GET", "/v1/me", { headers: { cookie } });
    expect(codeOf(after)).toBe("AUTHENTICATION_REQUIRED");
  });

  it("with a changed cookie is none", async () => {
    const cookie = await world.signIn();
    const headers = { cookie: cookie.replace(/=.{4}/, "=AAAA") };
    expect(codeOf(await world.call("GET", "/v1/me", { headers }))).toBe("AUTHENTICATION_REQUIRED");
  });

  it("of an operator who was removed reaches no project", async () => {
    const operatorId = await world.invite("approver", "leaver");
    const cookie = await world.signIn(operatorId);
    const read = () => world.call("GET", "/v1/requests", { headers: { cookie } });
    expect((await read()).status).toBe(200);
    await world.call("DELETE", `/v1/operators/${operatorId}`, { as: "admin" });
    expect(codeOf(await read())).toBe("PROJECT_REQUIRED");
  });
});
