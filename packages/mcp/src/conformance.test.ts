import { afterAll, describe, expect, test, vi } from "vitest";
import { listenHttp } from "./server/http/listen.js";
import { runConformance } from "./testing/conformance.js";
import { listenPlane } from "./testing/plane.js";
import { startHttpProgram } from "./testing/program.js";
import { createReferenceServer } from "./testing/reference/server.js";

// The official suite of the Model Context Protocol, without a list of expected failures, twice:
//
// 1. Against the program as it ships: the scenarios that ask for nothing a server need not have.
// 2. Against the same server behind the same HTTP, with the tools, resources and prompts that the
//    other scenarios call by name (test_simple_text and so on) registered beside its own: all of them.
//
// It speaks the revisions up to 2025-11-25; 2026-07-28 is tested with the official client instead.

vi.setConfig({ testTimeout: 120_000 });

const plane = await listenPlane();
const program = await startHttpProgram(plane.environment);
afterAll(async () => {
  await program[Symbol.asyncDispose]();
  await plane.close();
});

describe("the official conformance suite", () => {
  test.each([
    "server-initialize",
    "ping",
    "tools-list",
    "server-sse-multiple-streams",
    "dns-rebinding-protection",
  ])("the program passes %s", async (scenario) => {
    const { code, output } = await runConformance(program.url, scenario);
    expect(code, output).toBe(0);
  });

  test("with the reference tools it passes every scenario for servers", async () => {
    const { apiKey, url: baseUrl, fetch } = plane;
    const factory = createReferenceServer({ apiKey, baseUrl, fetch });
    const listener = await listenHttp(factory, { port: 0, onError: () => {} });
    const { code, scenarios, output } = await runConformance(listener.url);
    await listener.close();
    expect(scenarios.filter(({ failed }) => failed > 0)).toEqual([]);
    expect(code, output).toBe(0);
    // Every scenario for servers that the suite of this version lists.
    expect(scenarios).toHaveLength(32);
  });
});
