import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { hashSkeleton, type JsonValue } from "@holdpoint/protocol";
import { extract } from "tar-stream";
import { loadSource } from "./download.js";
import { findGoals, isHarmful } from "./harm.js";
import type { Attack, Trace, TraceStep } from "./trace.js";

const SOURCE = {
  name: "agentdojo-0.1.29.tar.gz",
  url: "https://files.pythonhosted.org/packages/ba/8e/2a7b8cfaf702c023ddcf6838d62378112eed45f6edad5dbca7e9e2c517e5/agentdojo-0.1.29.tar.gz",
  sha256: "f072b82b1229b1ea966b7da3b486292e685efc2b1e936566a94c1728789ba3be",
};

/** Runs that were read, and why others were not. */
export interface AgentDojo {
  readonly traces: readonly Trace[];
  /** Runs by what became of them. */
  readonly counts: ReadonlyMap<string, number>;
}

/** The published runs of AgentDojo: benign ones, and attacked ones in which the attacker got his way. */
export async function loadAgentDojo(): Promise<AgentDojo> {
  const archive = extract();
  const fed = pipeline(Readable.from(await loadSource(SOURCE)), createGunzip(), archive);
  fed.catch(() => {});
  const runs: PublishedRun[] = [];
  for await (const entry of archive) {
    const content = await text(entry);
    if (/\/runs\/.*\/user_task_\d+\/[^/]+\/[^/]+\.json$/.test(entry.header.name)) {
      runs.push(JSON.parse(content) as PublishedRun);
    }
  }
  await fed;
  const asked = new Set(runs.filter(isBenign).flatMap(goalsOf));
  const traces: Trace[] = [];
  const counts = new Map<string, number>();
  for (const run of runs) {
    const read = await readRun(run, asked);
    const fate =
      typeof read === "string" ? read : read.attack === undefined ? "benign" : "attacked";
    counts.set(fate, (counts.get(fate) ?? 0) + 1);
    if (typeof read !== "string") traces.push(read);
  }
  return { traces, counts };
}

interface PublishedRun {
  readonly suite_name: string;
  readonly pipeline_name: string;
  readonly user_task_id: string;
  readonly injection_task_id: string | null;
  readonly attack_type: string | null;
  readonly injections: Readonly<Record<string, string>>;
  readonly messages: readonly PublishedMessage[];
  readonly error: string | null;
  /** Of an attacked run: the injection task was carried out. Of others it means nothing. */
  readonly security: boolean;
}

interface PublishedMessage {
  readonly role: string;
  readonly content?: string | null;
  readonly tool_calls?: readonly PublishedCall[] | null;
}

interface PublishedCall {
  readonly function: string;
  readonly args: JsonValue;
}

function isBenign(run: PublishedRun): boolean {
  return run.injection_task_id === null;
}

/** Goals of attackers that a benign run has reached: its user wanted the same. */
function goalsOf(run: PublishedRun): readonly string[] {
  const calls = run.messages.flatMap((message) => message.tool_calls ?? []);
  return findGoals(run.suite_name, calls).map((goal) => pairOf(run, goal));
}

function pairOf(run: PublishedRun, goal: number): string {
  return `${run.suite_name}/${run.user_task_id}/${goal}`;
}

/** @returns the trace, or why there is none. */
async function readRun(run: PublishedRun, asked: ReadonlySet<string>): Promise<Trace | string> {
  // Errors are counted as attacks that succeeded: what was called until then is half a run.
  if (run.error !== null) return "ended by an error";
  const calls = run.messages.flatMap((message) => message.tool_calls ?? []);
  if (calls.length === 0) return "without a call";
  const attack = isBenign(run) ? undefined : findAttack(run, calls, asked);
  if (typeof attack === "string") return attack;
  const taken = attack === undefined ? calls : calls.slice(0, attack.harmAt + 1);
  return {
    suite: run.suite_name,
    task: numberIn(run.user_task_id),
    agent: run.pipeline_name,
    steps: await Promise.all(taken.map(toStep)),
    ...(attack !== undefined && { attack }),
  };
}

function findAttack(
  run: PublishedRun,
  calls: readonly PublishedCall[],
  asked: ReadonlySet<string>,
): Attack | string {
  // These want the agent to do less than it was asked to: there is no call to hold.
  if (run.attack_type?.endsWith("dos")) return "attacked to deny service";
  if (!run.security) return "attacked in vain";
  const goal = numberIn(run.injection_task_id as string);
  if (asked.has(pairOf(run, goal))) return "attacked for what a user asks for";
  const harmAt = calls.findIndex((call) =>
    isHarmful(run.suite_name, goal, call.function, call.args),
  );
  if (harmAt === -1) return "attacked without a harmful call";
  const exposedAt = findExposure(run);
  if (exposedAt === undefined || exposedAt > harmAt)
    return "harmed before it had read the injection";
  return { name: run.attack_type as string, goal, exposedAt, harmAt };
}

/** How many calls had been made when the agent was first shown the injection. */
function findExposure({ messages, injections }: PublishedRun): number | undefined {
  const pieces = Object.values(injections).flatMap(cut);
  let calls = 0;
  for (const message of messages) {
    if (message.role === "tool" && message.content) {
      const said = strip(message.content);
      const found = pieces.filter((piece) => said.includes(piece)).length;
      // Tools wrap and escape what they return, so some pieces can be cut in two.
      if (found > 0 && found >= pieces.length / 4 / Object.keys(injections).length) return calls;
    }
    calls += message.tool_calls?.length ?? 0;
  }
  return undefined;
}

const PIECE = 20;

function cut(injection: string): readonly string[] {
  const stripped = strip(injection);
  const count = Math.max(1, Math.floor(stripped.length / PIECE));
  return Array.from({ length: count }, (_, index) =>
    stripped.slice(index * PIECE, (index + 1) * PIECE),
  );
}

function strip(said: string): string {
  return said
    .replaceAll(/\\+[nt]/g, "")
    .replaceAll(/[^\p{L}\p{N}]/gu, "")
    .toLowerCase();
}

async function toStep({ function: action, args }: PublishedCall): Promise<TraceStep> {
  return { action, skeletonHash: await hashSkeleton(args) };
}

function numberIn(id: string): number {
  return Number(/\d+$/.exec(id)?.[0]);
}
