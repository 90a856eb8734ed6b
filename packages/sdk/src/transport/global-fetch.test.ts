import { delay, HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Holdpoint } from "../holdpoint.js";
import { until } from "../test-kit/fake-time.js";
import { API_KEY, BASE_URL, decidedRequest, problem, REQUEST_ID } from "../test-kit/fixtures.js";

// The client takes the global `fetch` at each call, so whatever replaces it is used.
const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const hp = new Holdpoint({ apiKey: API_KEY, baseUrl: BASE_URL });
const path = `${BASE_URL}/v1/requests/${REQUEST_ID}`;

test("calls go through the global fetch, and again when they fail", async () => {
  let calls = 0;
  server.use(
    http.get(path, ({ request }) => {
      calls += 1;
      expect(request.headers.get("authorization")).toBe(`Bearer ${API_KEY}`);
      if (calls === 1) return HttpResponse.error();
      if (calls === 2) return problem(503, "UNAVAILABLE");
      return HttpResponse.json(decidedRequest("APPROVED"));
    }),
  );
  expect(await hp.wait(REQUEST_ID)).toMatchObject({ approved: true });
  expect(calls).toBe(3);
});

test("a redirect carries the key to no other host", async () => {
  const visited: string[] = [];
  server.use(
    http.get(path, () => HttpResponse.redirect("http://elsewhere.test/steal", 307)),
    http.all("http://elsewhere.test/*", ({ request }) => {
      visited.push(request.url);
      return HttpResponse.json(decidedRequest("APPROVED"));
    }),
  );
  await expect(hp.wait(REQUEST_ID)).rejects.toMatchObject({
    code: "RESPONSE_INVALID",
    status: 307,
  });
  expect(visited).toEqual([]);
});

test("an abort ends a call that is being held", async () => {
  let isHeld = false;
  server.use(
    http.get(path, async () => {
      isHeld = true;
      await delay("infinite");
    }),
  );
  const controller = new AbortController();
  const reason = { any: "value" };
  const waited = hp.wait(REQUEST_ID, { signal: controller.signal });
  waited.catch(() => {});
  await until(() => isHeld);
  controller.abort(reason);
  await expect(waited).rejects.toBe(reason);
});
