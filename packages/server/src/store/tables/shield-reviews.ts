import type { WireActor } from "@holdpoint/protocol";
import type { ShieldAnswer } from "@holdpoint/protocol/shield";
import { digestTextOf } from "../../domain/digest.js";
import type { RequestEvent } from "../../domain/event.js";
import type { Database, Transaction } from "../database.js";
import { prepareQuery } from "../prepared.js";
import type { ActorColumns } from "../schema.js";
import type { ShieldStore } from "../verbs/shield.js";
import { toActorColumns } from "./columns.js";
import type { EventWriter } from "./event-row.js";
import type { ProjectEventWriter } from "./project-events.js";
import type { NamedStepRow, ShieldEntryMapper, StoredEntryRow } from "./shield-entry-row.js";
import type { EntryWriter } from "./shield-log.js";
import { selectStep } from "./shield-steps.js";

/** What a person says of a step. */
interface Review {
  readonly answer: ShieldAnswer;
  readonly at: number;
  readonly actor: WireActor;
  readonly learnsShape: boolean;
}

/** Notes a review with its step and logs it. `undefined`: no such step, or it is reviewed already. */
export type ReviewWriter = (
  transaction: Transaction,
  step: Pick<StoredEntryRow, "project_id" | "agent_id" | "id">,
  review: Review,
) => Promise<StoredEntryRow | undefined>;

export function createReviewWriter(mapper: ShieldEntryMapper, append: EntryWriter): ReviewWriter {
  const note = prepareQuery(({ db }, review: NotedReview) =>
    db
      .updateTable("shield_entries")
      .set({
        answer: review.answer,
        reviewed_at: review.reviewed_at,
        reviewed_by_type: review.reviewed_by_type,
        reviewed_by_id: review.reviewed_by_id,
        reviewed_by_name: review.reviewed_by_name,
      })
      .where("project_id", "=", review.project_id)
      .where("id", "=", review.id)
      .where("agent_id", "=", review.agent_id)
      .where("kind", "=", "step")
      // Of two who review it at once, the second finds that it is.
      .where("answer", "is", null)
      .returningAll(),
  );

  return async (transaction, { project_id, agent_id, id }, { actor, ...review }) => {
    const { rows } = await note(transaction, {
      project_id,
      agent_id,
      id,
      answer: review.answer,
      reviewed_at: review.at,
      ...toActorColumns("reviewed_by", actor),
    });
    const [row] = rows;
    if (row !== undefined) await append(transaction, [{ row: mapper.toReviewRow(row, review) }]);
    return row;
  };
}

type NotedReview = Pick<StoredEntryRow, "project_id" | "agent_id" | "id"> &
  ActorColumns<"reviewed_by"> & { readonly answer: ShieldAnswer; readonly reviewed_at: number };

/**
 * Lets the shield learn from what people decide: in the transaction of an operator's approval or
 * rejection of a request that it has measured, and undone with it. Others pay one comparison.
 */
export function createReviewFollower(review: ReviewWriter): EventWriter {
  return async (transaction, event) => {
    const answer = event.shield && answerOf(event);
    if (answer === undefined) return;
    const { projectId: project_id, agentId: agent_id, requestId: id, at, actor } = event;
    // What was edited is usual to ask for, but not the way it was asked for.
    const learnsShape = event.status !== "APPROVED_WITH_MODIFICATIONS";
    await review(transaction, { project_id, agent_id, id }, { answer, at, actor, learnsShape });
  };
}

function answerOf({ type, actor }: RequestEvent): ShieldAnswer | undefined {
  if (actor.type !== "operator") return undefined;
  if (type === "request.approved") return "usual";
  return type === "request.rejected" ? "unusual" : undefined;
}

/** Reviews of steps that nobody had to decide, each with its receipt. */
export function createShieldReview(
  { write }: Database,
  mapper: ShieldEntryMapper,
  note: ReviewWriter,
  appendEvent: ProjectEventWriter,
): ShieldStore["review"] {
  return (profileId, stepId, { answer, eventId, at, actor }) =>
    write(async (transaction) => {
      const step = await selectStep(transaction, profileId, stepId).executeTakeFirst();
      if (step === undefined) return undefined;
      if (await isOpen(transaction, step)) return "reviewed";
      const reviewed = await note(transaction, step, { answer, at, actor, learnsShape: true });
      if (reviewed === undefined) return "reviewed";
      await appendEvent(transaction, {
        id: eventId,
        projectId: step.project_id,
        type: "shield.changed",
        at,
        actor,
        subject: { id: profileId, digest: digestTextOf({ step_id: stepId, answer }) },
      });
      return mapper.toLoggedStep({ ...step, ...reviewed });
    });
}

/** Whether it is a request that people have yet to decide: their answer will be the review. */
async function isOpen({ db }: Transaction, { source, id }: NamedStepRow): Promise<boolean> {
  if (source === "observe") return false;
  const request = await db
    .selectFrom("requests")
    .select("status")
    .where("id", "=", id)
    .executeTakeFirst();
  return request?.status === "PENDING";
}
