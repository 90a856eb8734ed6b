import type { SensitiveKind, ShieldMode, WireActor, WireShieldVerdict } from "@holdpoint/protocol";
import type { ShieldAnswer } from "@holdpoint/protocol/shield";
import type {
  NewShieldStep,
  ShieldEntry,
  ShieldPlace,
  ShieldSource,
} from "../../domain/shield/entry.js";
import type { ShieldSettings } from "../../domain/shield/settings.js";
import type { Page } from "../store.js";

export interface StoredShieldProfile extends ShieldPlace {
  readonly id: string;
  readonly mode: ShieldMode;
  readonly settings: ShieldSettings;
  /** Counts the changes of its settings, from 0. */
  readonly settingsRevision: number;
  readonly createdAt: number;
  readonly changedAt?: number;
  readonly changedBy?: WireActor;
  /** Ended runs when it was locked. */
  readonly lockedAtRuns?: number;
  /** Ended runs when an operator had it learn again: those before do not lock it. */
  readonly learningSinceRuns: number;
  /**
   * Up to here entries may have been deleted, once a snapshot had them; 0: none has. Whoever has not
   * come as far begins with the snapshot.
   */
  readonly prunedSequence: number;
}

/** A step as people see it. */
export interface LoggedShieldStep {
  readonly id: string;
  readonly sequence: number;
  readonly source: ShieldSource;
  readonly profileId: string;
  readonly service: string;
  readonly environment: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly agentLabel?: string;
  readonly runKey: string;
  readonly runId?: string;
  readonly parentRequestId?: string;
  readonly action: string;
  readonly skeletonHash?: string;
  readonly fingerprint?: string;
  readonly sensitive?: readonly SensitiveKind[];
  readonly observedAt?: number;
  readonly receivedAt: number;
  readonly endsRun: boolean;
  readonly verdict: WireShieldVerdict;
  readonly review?: { readonly answer: ShieldAnswer; readonly at: number; readonly by: WireActor };
}

export interface ShieldRun {
  readonly runKey: string;
  readonly runId?: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly startedAt: number;
  readonly lastStepAt: number;
  readonly steps: number;
  readonly anomalies: number;
  readonly maxSurpriseBits: number;
}

export interface ShieldCounts {
  readonly steps: number;
  readonly anomalies: number;
  /** Of the anomalies, those that were requests. */
  readonly requests: number;
  /** Of the anomalies, those whose verdict held or denied them. */
  readonly held: number;
}

export interface ShieldStepQuery {
  readonly profileId?: string;
  readonly source?: ShieldSource;
  readonly service?: string;
  readonly agentId?: string;
  readonly runId?: string;
  readonly runKey?: string;
  readonly action?: string;
  /** The action before it in its run; `null`: it was the first. */
  readonly after?: string | null;
  readonly anomalous?: boolean;
  readonly reviewed?: boolean;
  readonly limit: number;
  readonly cursor?: string;
}

/** A change of mode or settings, with its receipt. */
export interface ShieldChange {
  readonly eventId: string;
  readonly at: number;
  readonly actor: WireActor;
}

export interface ShieldStore {
  /**
   * The profile of a place, made with `id` where there is none. `too_many`: there is none, and the
   * project has as many as it may.
   */
  ensureProfile(
    place: ShieldPlace,
    id: string,
    at: number,
  ): Promise<StoredShieldProfile | "too_many">;
  findProfile(place: ShieldPlace): Promise<StoredShieldProfile | undefined>;
  listProfiles(projectId: string): Promise<readonly StoredShieldProfile[]>;
  /** All projects' profiles with entries after their snapshot, for who keeps them. */
  listGrown(minEntries: number, limit: number): Promise<readonly StoredShieldProfile[]>;
  /** The profile as it stands, and up to `limit` entries after `sequence`, in the order of the log. */
  readAfter(
    profileId: string,
    sequence: number,
    limit: number,
  ): Promise<{ readonly profile: StoredShieldProfile; readonly entries: readonly ShieldEntry[] }>;
  /** Logs observed steps, each once per id of its agent; the ids of those that are new. */
  observe(steps: readonly NewShieldStep[]): Promise<ReadonlySet<string>>;
  /** `undefined`: no such step. `reviewed`: it has been already, or a request that is decided by people. */
  review(
    profileId: string,
    stepId: string,
    review: ShieldChange & { readonly answer: ShieldAnswer },
  ): Promise<LoggedShieldStep | "reviewed" | undefined>;
  /** Sets the mode, with its receipt. `lost`: it is not `from` any more. */
  setMode(
    profileId: string,
    change: ShieldChange & {
      readonly from: ShieldMode;
      readonly mode: ShieldMode;
      readonly runs: number;
    },
  ): Promise<StoredShieldProfile | "lost">;
  /** Sets the next revision of the settings, with its receipt. `lost`: the last is not `baseRevision`. */
  setSettings(
    profileId: string,
    change: ShieldChange & { readonly baseRevision: number; readonly settings: ShieldSettings },
  ): Promise<StoredShieldProfile | "lost">;
  loadSnapshot(
    profileId: string,
  ): Promise<{ readonly sequence: number; readonly bytes: Uint8Array } | undefined>;
  /** Keeps a snapshot unless there is one of a later sequence. */
  saveSnapshot(profileId: string, sequence: number, bytes: Uint8Array): Promise<void>;
  /** Newest first. */
  listSteps(projectId: string, query: ShieldStepQuery): Promise<Page<LoggedShieldStep>>;
  findStep(profileId: string, stepId: string): Promise<LoggedShieldStep | undefined>;
  /** The latest first. */
  listRuns(
    profileId: string,
    query: {
      readonly agentId?: string;
      readonly anomalous?: boolean;
      readonly limit: number;
      readonly cursor?: string;
    },
  ): Promise<Page<ShieldRun>>;
  count(profileId: string, since: number): Promise<ShieldCounts>;
  /**
   * Deletes up to `limit` entries, of all projects, that came before `before` and are in a snapshot, and
   * as many runs whose last step did; the larger of the two numbers.
   */
  prune(before: number, limit: number): Promise<number>;
}
