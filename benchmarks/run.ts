import { measureAdapters } from "./adapters.js";
import { measureBundle } from "./bundle.js";
import { measureGate } from "./gate.js";
import { measureGrowth } from "./growth.js";
import { measureLedger } from "./ledger.js";
import { measureLoops } from "./loops.js";
import { measureReplicas } from "./replicas.js";
import { measureResume } from "./resume.js";
import { measureShield } from "./shield.js";
import { measureShieldSpeed } from "./shield-speed.js";
import { measureSpend } from "./spend.js";
import { measureStartup } from "./startup.js";
import { measureStates } from "./states.js";
import { measureWaiters } from "./waiters.js";
import { measureWebhooks } from "./webhooks.js";

const BENCHMARKS: Readonly<Record<string, () => Promise<void>>> = {
  adapters: measureAdapters,
  bundle: measureBundle,
  startup: measureStartup,
  loops: measureLoops,
  resume: measureResume,
  replicas: measureReplicas,
  states: measureStates,
  webhooks: measureWebhooks,
  spend: measureSpend,
  gate: measureGate,
  shield: measureShield,
  "shield-speed": measureShieldSpeed,
  ledger: measureLedger,
  growth: measureGrowth,
  waiters: measureWaiters,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown.length > 0) {
  console.error(
    `No benchmark ${unknown.join(", ")}. There are: ${Object.keys(BENCHMARKS).join(", ")}.`,
  );
  process.exit(2);
}
for (const [name, measure] of Object.entries(BENCHMARKS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.error(`${name} …`);
  await measure();
}
