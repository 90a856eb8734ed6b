import { LIMITS } from "@holdpoint/protocol";
import { BenchClient } from "../lib/client.js";
import type { ControlPlaneReady } from "../lib/control-plane.js";
import { startServer } from "../lib/processes.js";
import type { Row } from "../lib/report.js";
import { quantile, round } from "../lib/stats.js";
import { connectObserver } from "./observer.js";
import type { Trace } from "./trace.js";

const ROUNDS = 1_500;
const WARM_UP = 300;
const FOLLOWED = "followed";
const NOT_FOLLOWED = "not-followed";

/**
 * What a profile adds to an ask: the same ask by a service that has one, and by one that came when the
 * project had as many as it may have. In turns, one at a time.
 */
export async function measureAsk(traces: readonly Trace[]): Promise<readonly Row[]> {
  await using server = await startServer<ControlPlaneReady>(
    new URL("../lib/control-plane.ts", import.meta.url),
  );
  const observer = connectObserver(server.ready, traces, FOLLOWED, 1);
  for (let told = 0; told < 20_000; ) told += await observer.observe();
  const others = Array.from({ length: LIMITS.shieldProfiles - 1 }, (_, index) => `other-${index}`);
  await observer.observeServices(others);
  await observer.close();
  const client = new BenchClient(server.ready, 1);
  const withProfile: number[] = [];
  const without: number[] = [];
  for (let index = 0; index < WARM_UP + ROUNDS; index++) {
    const sides = [
      { service: FOLLOWED, samples: withProfile },
      { service: NOT_FOLLOWED, samples: without },
    ];
    // Whoever comes first changes with each round: what one leaves behind is paid by the other.
    for (const { service, samples } of index % 2 === 0 ? sides : sides.toReversed()) {
      const started = performance.now();
      const { shield } = await client.create(service);
      if (index >= WARM_UP) samples.push(performance.now() - started);
      if ((shield === undefined) !== (service === NOT_FOLLOWED)) {
        throw new Error(`Expected a verdict for ${FOLLOWED} alone, got another for ${service}.`);
      }
    }
  }
  await client.close();
  const added = withProfile.map((sample, index) => sample - (without[index] as number));
  return [
    {
      figure: "an ask of a service with a profile, p50 and p99",
      value: `${round(quantile(withProfile, 0.5))} and ${round(quantile(withProfile, 0.99))} ms`,
    },
    {
      figure: "an ask of a service without one, p50 and p99",
      value: `${round(quantile(without, 0.5))} and ${round(quantile(without, 0.99))} ms`,
    },
    {
      figure: "what the profile adds to an ask, p50 of the differences",
      value: `${round(quantile(added, 0.5))} ms`,
      aim: "≤ 1 ms",
    },
  ];
}
