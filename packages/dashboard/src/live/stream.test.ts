// @vitest-environment happy-dom
import type { WireEvent } from "@holdpoint/protocol";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Connection, openLiveStream } from "./stream.js";

const event = { id: "evt_1", type: "request.created", request_id: "req_1" };
let calls: Headers[];
let answers: (() => Response)[];

beforeEach(() => {
  vi.useFakeTimers();
  calls = [];
  answers = [];
  vi.stubGlobal("fetch", async (_: string, { headers }: RequestInit) => {
    calls.push(new Headers(headers));
    const next = answers.shift();
    if (next === undefined) throw new TypeError("Failed to fetch");
    return next();
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** An answer whose line breaks after these frames. */
function lineOf(...frames: string[]): () => Response {
  return () => new Response(frames.join(""), { headers: { "content-type": "text/event-stream" } });
}

function follow() {
  const events: WireEvent[] = [];
  const connections: Connection[] = [];
  const opened: boolean[] = [];
  const close = openLiveStream({
    projectId: "prj_1",
    onEvent: (received) => events.push(received),
    onOpen: (resumed) => opened.push(resumed),
    onConnection: (connection) => connections.push(connection),
  });
  return { events, connections, opened, close };
}

it("reads events and resumes after the last one", async () => {
  answers.push(
    lineOf(
      "event: ready\nid: 6\ndata: {}\n\n",
      `event: request.created\nid: 7\ndata: ${JSON.stringify(event)}\n\n`,
    ),
    lineOf(": still here\n\n"),
  );
  const live = follow();
  await vi.advanceTimersByTimeAsync(2_000);
  live.close();
  expect(live.events).toEqual([event]);
  expect(live.connections.slice(0, 4)).toEqual(["connecting", "live", "offline", "live"]);
  expect(live.opened).toEqual([false, true]);
  expect(calls[0]?.get("last-event-id")).toBeNull();
  expect(calls[1]?.get("last-event-id")).toBe("7");
  expect(calls[1]?.get("holdpoint-project")).toBe("prj_1");
});

it("keeps trying while nothing answers", async () => {
  const live = follow();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(live.connections.at(-1)).toBe("offline");
  expect(calls.length).toBeGreaterThan(4);
  live.close();
  const tried = calls.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(calls).toHaveLength(tried);
});

it("stops when the session has ended", async () => {
  answers.push(() => new Response("", { status: 401 }));
  const live = follow();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(live.connections).toEqual(["connecting", "signed-out"]);
  expect(calls).toHaveLength(1);
});

it("tries at once when the browser comes back online", async () => {
  const live = follow();
  await vi.advanceTimersByTimeAsync(0);
  window.dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(0);
  expect(calls).toHaveLength(2);
  live.close();
});
