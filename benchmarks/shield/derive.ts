import { loadAgentDojo } from "./agentdojo.js";
import { writeTraces } from "./file.js";
import { loadTauBench } from "./tau-bench.js";

// Makes the files in data/ anew from what was published; see the README beside them.
const { traces, counts } = await loadAgentDojo();
console.log(Object.fromEntries(counts));
await writeTraces(new URL("data/agentdojo.jsonl", import.meta.url), traces);
await writeTraces(new URL("data/tau-bench.jsonl", import.meta.url), await loadTauBench());
