import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, World } from "../routes/testing/world.js";

let directory: string;
let world: World;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "holdpoint-pages-"));
  await mkdir(join(directory, "assets"));
  await writeFile(join(directory, "index.html"), "<title>Inbox</title>");
  await writeFile(join(directory, "assets", "app-1a2b.js"), "run()");
  await writeFile(join(directory, "sw.js"), "worker()");
  world = await World.create({ dashboardDirectory: directory });
});
afterAll(async () => {
  await world.controlPlane.close();
  await rm(directory, { recursive: true });
});

describe("pages", () => {
  it.each(["/", "/requests/req_1", "/sign-in", "/history?q=1"])("%s is the app", async (path) => {
    const reply = await world.call("GET", path);
    expect([reply.status, reply.body]).toEqual([200, "<title>Inbox</title>"]);
    expect(reply.headers.get("cache-control")).toBe("no-cache");
    expect(reply.headers.get("content-type")).toMatch(/^text\/html/);
  });

  it("carry a policy that lets nobody frame or script them", async () => {
    const { headers } = await world.call("GET", "/");
    const policy = headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  });

  it("keep what carries a hash for good, and nothing else", async () => {
    const asset = await world.call("GET", "/assets/app-1a2b.js");
    expect([asset.body, asset.headers.get("cache-control")]).toEqual([
      "run()",
      "public, max-age=31536000, immutable",
    ]);
    const worker = await world.call("GET", "/sw.js");
    expect([worker.body, worker.headers.get("cache-control")]).toEqual(["worker()", "no-cache"]);
  });

  it("a missing asset is missing, not the app", async () => {
    const reply = await world.call("GET", "/assets/gone.js");
    expect(reply.status).toBe(404);
    expect(reply.headers.get("cache-control")).toBe("no-cache");
  });

  it.each(["/v1/nothing", "/auth/nothing", "/docs/nothing", "/v1"])(
    "%s is no page",
    async (path) => {
      expect(codeOf(await world.call("GET", path))).toBe("ROUTE_NOT_FOUND");
    },
  );

  it.each([
    "/../package.json",
    "/%2e%2e/package.json",
    "/..%2fpackage.json",
    "/assets/..%5c..%5cx",
  ])("%s leads nowhere outside", async (path) => {
    const { body } = await world.call("GET", path);
    expect(JSON.stringify(body)).not.toContain("@holdpoint/server");
  });

  it("are not written to", async () => {
    expect(codeOf(await world.call("POST", "/requests/req_1"))).toBe("ROUTE_NOT_FOUND");
  });
});

describe("without a dashboard", () => {
  it("there are no pages", async () => {
    await using bare = await World.create();
    expect(codeOf(await bare.call("GET", "/"))).toBe("ROUTE_NOT_FOUND");
  });
});
