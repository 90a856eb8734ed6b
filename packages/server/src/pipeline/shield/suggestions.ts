import { setImmediate } from "node:timers/promises";
import { LIMITS } from "@holdpoint/protocol";
import type { Context } from "../../context.js";
import { checkPolicy } from "../../domain/policy/check.js";
import { evaluatePolicy } from "../../domain/policy/evaluate.js";
import { findHabits, type Habit, isPart } from "../../domain/policy/habits.js";
import { suggestStatement, withStatement } from "../../domain/policy/suggest.js";
import type { ListedRequest } from "../../store/store.js";
import { createAskAgain, listPast } from "../policy/past.js";

const SINCE_MS = 30 * 86_400_000;
/** Decided requests that are looked at, the newest. */
const MAX_DECIDED = 2_000;
const PAGE_SIZE = 200;
const MAX_SUGGESTIONS = 20;
/** Past requests of all kinds that each text is tried on, the newest. */
const MAX_REPLAYED = 500;

/** A policy that would let through what people have always approved. Nothing applies it but a person. */
export interface PolicySuggestion {
  readonly habit: Habit;
  readonly statement: string;
  /** The policy in force with the statement behind it. */
  readonly text: string;
  readonly baseRevision: number;
  /** What that text says of past requests. */
  readonly replay: {
    readonly tried: number;
    /** Not by the policy in force, and by this one. */
    readonly allowed: number;
    /** Of those, what a person has rejected or edited. */
    readonly againstPeople: number;
  };
}

/** What people have approved so often that a policy could, each with what that policy would have said. */
export async function suggestPolicies(
  context: Context,
  projectId: string,
): Promise<readonly PolicySuggestion[]> {
  const sinceMs = context.clock.now() - SINCE_MS;
  const habits = findHabits(await listDecided(context, projectId, sinceMs));
  if (habits.length === 0) return [];
  const policy = await context.store.policies.find(projectId);
  const inForce = policy?.text ?? "";
  const drafts = await draftAll(context, projectId, { habits, inForce });
  const replays = await replayAll(context, projectId, { drafts, inForce, sinceMs });
  return drafts.map((draft, index) => ({
    ...draft,
    baseRevision: policy?.revision ?? 0,
    replay: replays[index] ?? { tried: 0, allowed: 0, againstPeople: 0 },
  }));
}

async function listDecided(
  { store }: Context,
  projectId: string,
  sinceMs: number,
): Promise<readonly ListedRequest[]> {
  const decided: ListedRequest[] = [];
  let cursor: string | null | undefined;
  while (decided.length < MAX_DECIDED && cursor !== null) {
    const page = await store.requests.list(projectId, {
      statuses: ["APPROVED", "APPROVED_WITH_MODIFICATIONS", "REJECTED"],
      order: "newest",
      includePayload: false,
      limit: PAGE_SIZE,
      ...(cursor !== undefined && { cursor }),
    });
    decided.push(...page.items.filter(({ createdAt }) => createdAt >= sinceMs));
    cursor = (page.items.at(-1)?.createdAt ?? 0) < sinceMs ? null : page.nextCursor;
  }
  return decided;
}

type Draft = Pick<PolicySuggestion, "habit" | "statement" | "text">;

/** Those that can be put in force and change what becomes of the habit's latest request. */
async function draftAll(
  context: Context,
  projectId: string,
  { habits, inForce }: { readonly habits: readonly Habit[]; readonly inForce: string },
): Promise<readonly Draft[]> {
  const askAgain = await createAskAgain(context.store, projectId);
  const drafts: Draft[] = [];
  for (const habit of habits) {
    const latest = await context.store.requests.find(projectId, habit.latestId);
    if (latest === undefined) continue;
    const question = await askAgain(latest);
    // To check and to ask a large policy takes milliseconds: whoever waits comes in between.
    await setImmediate();
    if (evaluatePolicy(inForce, question).verdict === "allow") continue;
    const statement = suggestStatement(habit);
    const text = withStatement(inForce, statement);
    if (!isUsable(text) || evaluatePolicy(text, question).verdict !== "allow") continue;
    drafts.push({ habit, statement, text });
    if (drafts.length === MAX_SUGGESTIONS) break;
  }
  return drafts;
}

function isUsable(text: string): boolean {
  return Buffer.byteLength(text) <= LIMITS.policyBytes && checkPolicy(text).valid;
}

type Replay = PolicySuggestion["replay"];

/** A statement is about one habit: what is no part of it is looked at, and decided as before. */
async function replayAll(
  context: Context,
  projectId: string,
  parts: {
    readonly drafts: readonly Draft[];
    readonly inForce: string;
    readonly sinceMs: number;
  },
): Promise<readonly Replay[]> {
  const { drafts, inForce, sinceMs } = parts;
  const counts = drafts.map(() => ({ allowed: 0, againstPeople: 0 }));
  let tried = 0;
  if (drafts.length === 0) return [];
  for await (const past of listPast(context, projectId, { sinceMs, limit: MAX_REPLAYED })) {
    tried += 1;
    const index = drafts.findIndex(({ habit }) => isPart(habit, past.request));
    const [draft, count] = [drafts[index], counts[index]];
    if (draft === undefined || count === undefined) continue;
    await setImmediate();
    if (evaluatePolicy(inForce, past.question).verdict === "allow") continue;
    if (evaluatePolicy(draft.text, past.question).verdict !== "allow") continue;
    count.allowed += 1;
    if (wasOpposed(past.request)) count.againstPeople += 1;
  }
  return counts.map((count) => ({ tried, ...count }));
}

/** A person did not want it as it was asked. */
function wasOpposed({ status, decidedBy }: ListedRequest): boolean {
  return decidedBy?.type === "operator" && status !== "APPROVED";
}
