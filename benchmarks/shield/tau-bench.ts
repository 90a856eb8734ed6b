import { hashSkeleton, type JsonValue } from "@holdpoint/protocol";
import { loadSource } from "./download.js";
import type { Trace } from "./trace.js";

const SOURCE = {
  name: "gpt-4o-airline.json",
  url: "https://raw.githubusercontent.com/sierra-research/tau-bench/59a200c6d575d595120f1cb70fea53cef0632f6b/historical_trajectories/gpt-4o-airline.json",
  sha256: "e9e6c0297660c537f83d4fd9c476ce7a9a86ecd2784874b7bfc13be598e37bfa",
};

/** The published runs of an airline's agent in tau-bench: four trials of fifty tasks, nobody attacked. */
export async function loadTauBench(): Promise<readonly Trace[]> {
  const runs = JSON.parse((await loadSource(SOURCE)).toString("utf8")) as readonly PublishedRun[];
  const traces = await Promise.all(
    runs.map(async ({ task_id, trial, traj }) => ({
      suite: "airline",
      task: task_id,
      agent: `gpt-4o, trial ${trial}`,
      steps: await Promise.all(
        traj
          .flatMap((message) => message.tool_calls ?? [])
          .map(async (call) => ({
            action: call.function.name,
            skeletonHash: await hashSkeleton(JSON.parse(call.function.arguments) as JsonValue),
          })),
      ),
    })),
  );
  return traces.filter(({ steps }) => steps.length > 0);
}

interface PublishedRun {
  readonly task_id: number;
  readonly trial: number;
  readonly traj: readonly {
    readonly tool_calls?:
      | readonly { readonly function: { readonly name: string; readonly arguments: string } }[]
      | null;
  }[];
}
