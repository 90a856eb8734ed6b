import { writeResult } from "./lib/report.js";
import { measureAccuracy } from "./shield/accuracy.js";
import { describeAccuracy, headlines } from "./shield/tables.js";

/** What the shield notices of attacks on agents that others have published. */
export async function measureShield(): Promise<void> {
  const accuracy = await measureAccuracy();
  await writeResult({
    name: "shield",
    about:
      "What the shield notices of attacks on agents, and how often it holds what nobody attacked, in runs that others have published. What it costs is in [shield-speed](shield-speed.md).",
    rows: headlines(accuracy),
    sections: describeAccuracy(accuracy),
  });
}
