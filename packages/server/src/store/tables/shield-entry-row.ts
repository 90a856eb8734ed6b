import type { SensitiveKind, WireShieldVerdict } from "@holdpoint/protocol";
import type { ShieldAnswer } from "@holdpoint/protocol/shield";
import type { NewShieldStep, ShieldEntry } from "../../domain/shield/entry.js";
import type { Dialect } from "../dialects/dialect.js";
import type { NewShieldEntryRow, ShieldEntryRow } from "../schema.js";
import type { LoggedShieldStep } from "../verbs/shield.js";
import { actorIn, integerIn } from "./columns.js";
import { optional } from "./request-row.js";

/** What a profile is folded from: nothing that is for people only. */
export const FOLDED_COLUMNS = [
  "sequence",
  "kind",
  "run_key",
  "action",
  "previous",
  "before_previous",
  "skeleton_hash",
  "priority",
  "fingerprint",
  "sensitive",
  "cost_minor",
  "cost_currency",
  "observed_at",
  "received_at",
  "ends_run",
  "surprise_bits",
  "departs",
  "learns",
  "answer",
] as const satisfies readonly (keyof ShieldEntryRow)[];

type FoldedRow = Pick<StoredEntryRow, (typeof FOLDED_COLUMNS)[number]>;

/** An entry as it is read, with its number. */
export type StoredEntryRow = NewShieldEntryRow & { readonly sequence: number };

/** A step with the names that its profile and its agent have. */
export type NamedStepRow = StoredEntryRow & {
  readonly agent_name: string;
  readonly service: string;
  readonly environment: string;
};

/** Between entries of the log and their rows. */
export class ShieldEntryMapper {
  readonly #dialect: Dialect;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  toStepRow(step: NewShieldStep): NewShieldEntryRow {
    const { verdict } = step;
    return {
      kind: "step",
      profile_id: step.profileId,
      project_id: step.projectId,
      agent_id: step.agentId,
      id: step.id,
      source: step.source,
      run_key: step.runKey,
      run_id: step.runId ?? null,
      action: step.action,
      previous: step.previous ?? null,
      before_previous: step.beforePrevious ?? null,
      skeleton_hash: step.skeletonHash ?? null,
      priority: step.priority,
      fingerprint: step.fingerprint ?? null,
      sensitive: step.sensitive === undefined ? null : this.#dialect.encodeJson(step.sensitive),
      cost_minor: step.cost?.amountMinor ?? null,
      cost_currency: step.cost?.currency ?? null,
      observed_at: step.observedAt ?? null,
      received_at: step.receivedAt,
      ends_run: this.#dialect.encodeBoolean(step.endsRun),
      surprise_bits: step.surpriseBits,
      departs: this.#dialect.encodeBoolean(step.departs),
      learns: this.#dialect.encodeBoolean(step.learns),
      answer: null,
      anomaly_effect: verdict.anomalous ? verdict.effect : null,
      reviewed_at: null,
      reviewed_by_type: null,
      reviewed_by_id: null,
      reviewed_by_name: null,
      agent_label: step.agentLabel ?? null,
      parent_request_id: step.parentRequestId ?? null,
      verdict: this.#dialect.encodeJson(verdict),
    };
  }

  /** @param review.learnsShape - Whether the shape it came with counts too. Not where it was edited. */
  toReviewRow(
    step: StoredEntryRow,
    review: { readonly answer: ShieldAnswer; readonly at: number; readonly learnsShape: boolean },
  ): NewShieldEntryRow {
    return {
      kind: "review",
      profile_id: step.profile_id,
      project_id: step.project_id,
      agent_id: step.agent_id,
      id: step.id,
      source: null,
      run_key: step.run_key,
      run_id: step.run_id,
      action: step.action,
      previous: step.previous,
      before_previous: step.before_previous,
      skeleton_hash: review.learnsShape ? step.skeleton_hash : null,
      priority: step.priority,
      fingerprint: null,
      sensitive: null,
      cost_minor: null,
      cost_currency: null,
      observed_at: null,
      received_at: review.at,
      ends_run: this.#dialect.encodeBoolean(false),
      surprise_bits: step.surprise_bits,
      departs: step.departs,
      learns: step.learns,
      answer: review.answer,
      anomaly_effect: null,
      reviewed_at: null,
      reviewed_by_type: null,
      reviewed_by_id: null,
      reviewed_by_name: null,
      agent_label: null,
      parent_request_id: null,
      verdict: null,
    };
  }

  toEntry(row: FoldedRow): ShieldEntry {
    const measured = {
      sequence: this.#dialect.decodeInteger(row.sequence),
      runKey: row.run_key,
      action: row.action,
      ...optional("previous", row.previous),
      ...optional("beforePrevious", row.before_previous),
      ...optional("skeletonHash", row.skeleton_hash),
      receivedAt: this.#dialect.decodeInteger(row.received_at),
      surpriseBits: row.surprise_bits,
      departs: this.#dialect.decodeBoolean(row.departs),
      learns: this.#dialect.decodeBoolean(row.learns),
    };
    if (row.kind === "review") {
      if (row.answer === null) throw new Error("Expected a review to have an answer.");
      return { kind: "review", ...measured, answer: row.answer };
    }
    return {
      kind: "step",
      ...measured,
      priority: row.priority,
      ...optional("fingerprint", row.fingerprint),
      ...optional("sensitive", this.#sensitiveOf(row)),
      ...optional("cost", this.#costOf(row)),
      ...optional("observedAt", integerIn(this.#dialect)(row.observed_at)),
      endsRun: this.#dialect.decodeBoolean(row.ends_run),
    };
  }

  toLoggedStep(row: NamedStepRow): LoggedShieldStep {
    const { source, verdict } = row;
    if (source === null || verdict === null) throw new Error("Expected a step to be one.");
    return {
      id: row.id,
      sequence: this.#dialect.decodeInteger(row.sequence),
      source,
      profileId: row.profile_id,
      service: row.service,
      environment: row.environment,
      agent: { id: row.agent_id, name: row.agent_name },
      ...optional("agentLabel", row.agent_label),
      runKey: row.run_key,
      ...optional("runId", row.run_id),
      ...optional("parentRequestId", row.parent_request_id),
      action: row.action,
      ...optional("skeletonHash", row.skeleton_hash),
      ...optional("fingerprint", row.fingerprint),
      ...optional("sensitive", this.#sensitiveOf(row)),
      ...optional("observedAt", integerIn(this.#dialect)(row.observed_at)),
      receivedAt: this.#dialect.decodeInteger(row.received_at),
      endsRun: this.#dialect.decodeBoolean(row.ends_run),
      verdict: this.#dialect.decodeJson(verdict) as WireShieldVerdict,
      ...optional("review", this.#reviewOf(row)),
    };
  }

  #sensitiveOf({ sensitive }: Pick<ShieldEntryRow, "sensitive">) {
    if (sensitive === null) return undefined;
    return this.#dialect.decodeJson(sensitive) as readonly SensitiveKind[];
  }

  #costOf({ cost_minor, cost_currency: currency }: FoldedRow) {
    if (cost_minor === null || currency === null) return undefined;
    return { amountMinor: this.#dialect.decodeInteger(cost_minor), currency };
  }

  #reviewOf(row: NamedStepRow): LoggedShieldStep["review"] {
    const { answer, reviewed_at: at } = row;
    const by = actorIn("reviewed_by", row);
    if (answer === null || at === null || by === undefined) return undefined;
    return { answer, at: this.#dialect.decodeInteger(at), by };
  }
}
