import { type Row, writeResult } from "./lib/report.js";
import { loadTraces } from "./shield/accuracy.js";
import { measureAsk } from "./shield/ask.js";
import { isBenign } from "./shield/replay.js";
import { measureSize } from "./shield/size.js";
import { measureSpeed } from "./shield/speed.js";
import { measureThroughput } from "./shield/throughput.js";

/** What the shield costs: a step, a profile, an observation, an ask. */
export async function measureShieldSpeed(): Promise<void> {
  const traces = (await loadTraces("agentdojo")).filter(isBenign);
  const rows: Row[] = [
    ...measureSpeed(traces),
    ...(await measureSize()),
    ...(await measureThroughput(traces)),
    ...(await measureAsk(traces)),
  ];
  await writeResult({
    name: "shield-speed",
    about: `What the shield costs. Steps are those of [published runs](../shield/data/README.md), over and over. The pure function is measured by processor time of its process, garbage collection included, the rest by the clock; a full profile and its memory in processes of their own. The peer through HTTP checks what comes against the same schema and keeps a row each, one durable commit a call, without credentials or profile; client and servers share the machine. An ask with a profile and one without take turns. What it notices is in [shield](shield.md).`,
    rows,
  });
}
