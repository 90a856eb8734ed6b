import { afterEach, describe, expect, it, vi } from "vitest";
import { callServer, queryText } from "./call.js";

afterEach(() => vi.unstubAllGlobals());

function answer(status: number, body: string): void {
  vi.stubGlobal("fetch", async () => new Response(body, { status }));
}

describe("callServer", () => {
  it("reads problem+json", async () => {
    const problem = { code: "ROLE_REQUIRED", title: "No", status: 403, detail: "Ask finance." };
    answer(403, JSON.stringify(problem));
    await expect(callServer("/v1/me")).rejects.toMatchObject({
      code: "ROLE_REQUIRED",
      status: 403,
      message: "Ask finance.",
    });
  });

  it("names an answer that is not ours", async () => {
    answer(502, "<html>bad gateway</html>");
    await expect(callServer("/v1/me")).rejects.toMatchObject({ code: "UNAVAILABLE", status: 502 });
    answer(200, "<html>a login page</html>");
    await expect(callServer("/v1/me")).rejects.toMatchObject({ code: "RESPONSE_INVALID" });
  });

  it("says when nothing answers", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(callServer("/v1/me")).rejects.toMatchObject({
      code: "CONNECTION_FAILED",
      status: 0,
    });
  });

  it("names the project", async () => {
    const fetch = vi.fn(async () => new Response("{}"));
    vi.stubGlobal("fetch", fetch);
    await callServer("/v1/requests", { projectId: "prj_1" });
    expect(fetch).toHaveBeenCalledWith(
      "/v1/requests",
      expect.objectContaining({
        headers: expect.objectContaining({ "holdpoint-project": "prj_1" }),
      }),
    );
  });
});

it("leaves empty members out of a query", () => {
  expect(queryText({ search: "a&b", role: "", cursor: undefined, limit: 5 })).toBe(
    "?search=a%26b&limit=5",
  );
  expect(queryText({})).toBe("");
});
