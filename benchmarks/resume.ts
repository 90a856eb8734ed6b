import { Holdpoint } from "@holdpoint/sdk";
import { BenchClient } from "./lib/client.js";
import type { ControlPlaneReady } from "./lib/control-plane.js";
import { startServer } from "./lib/processes.js";
import { type Row, writeResult } from "./lib/report.js";
import { quantile, round } from "./lib/stats.js";

const ROUNDS = 100;
const POLLING_AGENTS = 100;
/** The decision comes this long after the agent began to wait; spread, so that no poll is favoured. */
const POLLED_DECISION_MS = { from: 5_000, to: 25_000 };

/** From the operator's click to the agent's next step. */
export async function measureResume(): Promise<void> {
  await using server = await startServer<ControlPlaneReady>(
    new URL("lib/control-plane.ts", import.meta.url),
  );
  const client = new BenchClient(server.ready, 8);
  const agent = new Holdpoint({ apiKey: server.ready.apiKey, baseUrl: server.ready.url });
  await resumeHeld(client, agent, 1);

  const rows: Row[] = [];
  let heldMedianMs = 0;
  for (const waiting of [1, 100, 1_000]) {
    const delays = await resumeHeld(client, agent, waiting);
    heldMedianMs = quantile(delays, 0.5);
    rows.push({
      figure: `${waiting.toLocaleString("en")} waiting: p50 / p99`,
      value: `${round(heldMedianMs)} ms / ${round(quantile(delays, 0.99))} ms`,
      ...(waiting === 1_000 && { aim: "≤ 10 ms / ≤ 50 ms" }),
    });
  }
  const polled = await resumePolled(client);
  const polledMedianMs = quantile(polled, 0.5);
  rows.push(
    {
      figure: `polling peer, ${POLLING_AGENTS} waiting: p50 / p99`,
      value: `${round(polledMedianMs)} ms / ${round(quantile(polled, 0.99))} ms`,
    },
    { figure: "polling ÷ held, p50", value: `${round(polledMedianMs / heldMedianMs)} ×` },
  );
  await client.close();
  await writeResult({
    name: "resume",
    about:
      "From sending the operator's approval to `wait()` resolving in the agent's process. Requests are decided one after another while the others wait. The polling peer asks the same server at once, after 1 s, then ×1.5 up to every 10 s, and is decided 5 to 25 s after it began.",
    rows,
  });
}

async function resumeHeld(
  client: BenchClient,
  agent: Holdpoint,
  waiting: number,
): Promise<number[]> {
  const delays: number[] = [];
  for (let done = 0; done < ROUNDS; done += waiting) {
    const requests = await Promise.all(Array.from({ length: waiting }, () => client.create()));
    const arrived = new Map<string, number>();
    const waits = requests.map(({ id }) =>
      agent.wait(id).then(() => arrived.set(id, performance.now())),
    );
    await settle(waiting);
    const sent = new Map<string, number>();
    for (const request of requests) {
      sent.set(request.id, performance.now());
      await client.approve(request);
    }
    await Promise.all(waits);
    for (const [id, at] of sent) delays.push((arrived.get(id) as number) - at);
  }
  return delays;
}

/** Lets every wait reach the server before the first decision. */
function settle(waiting: number): Promise<void> {
  return pause(200 + waiting);
}

async function resumePolled(client: BenchClient): Promise<number[]> {
  const agents = Array.from({ length: POLLING_AGENTS }, async (_, index) => {
    const request = await client.create();
    const { from, to } = POLLED_DECISION_MS;
    const decideAfterMs = from + ((to - from) * index) / POLLING_AGENTS;
    let sentAt = 0;
    const decided = pause(decideAfterMs).then(() => {
      sentAt = performance.now();
      return client.approve(request);
    });
    const seenAt = await poll(client, request.id);
    await decided;
    return seenAt - sentAt;
  });
  return Promise.all(agents);
}

async function poll(client: BenchClient, id: string): Promise<number> {
  let delayMs = 1_000;
  while ((await client.read(id)).status === "PENDING") {
    await pause(delayMs + Math.random() * 200);
    delayMs = Math.min(delayMs * 1.5, 10_000);
  }
  return performance.now();
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
