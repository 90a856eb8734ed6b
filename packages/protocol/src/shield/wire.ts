import type { SensitiveKind, ShieldMode, WireActor, WireShieldVerdict } from "../wire.js";

/** Rules beside the baseline. Each is off where it is absent. */
export interface WireShieldRules {
  /** Steps of one run in any minute, at most. */
  readonly velocity?: { readonly max_per_minute: number };
  /** The same action with the same arguments in a row, at most. Needs fingerprints. */
  readonly loop?: { readonly max_repeats: number };
  /** Kinds of data that must not leave. Looked for in readable payloads, and told by clients that look. */
  readonly sensitive?: { readonly kinds: readonly SensitiveKind[] };
  /** What one run may cost, by what its purchases and actions are known to. */
  readonly run_cost?: { readonly max_minor: number; readonly currency: string };
}

export interface WireShieldSettings {
  /** Counts their changes. 0: as a profile begins. */
  readonly revision: number;
  /** An anomaly is as surprising as one run in so many. */
  readonly hold_one_in: number;
  /** Anomalies in a row that pause a run, where the shield enforces. */
  readonly pause_after: number;
  readonly rules: WireShieldRules;
}

/** What the baseline is made of. */
export interface WireShieldBaseline {
  readonly steps: number;
  /** That have ended. */
  readonly runs: number;
  readonly actions: number;
  /** Of first order. */
  readonly transitions: number;
  /** Runs that surprise is measured against: the later half of all, up to 512. */
  readonly calibrated_runs: number;
  /** Ended runs without which it cannot be locked. */
  readonly runs_needed: number;
  /** Whether its surprise has flattened. */
  readonly is_flat: boolean;
}

/** A point of the entropy curve: what a step of these runs said on average that was not known before. */
export interface WireShieldEntropyPoint {
  /** Ended runs up to and with this point. */
  readonly runs: number;
  /** Mean surprise of a step, in bits. */
  readonly bits: number;
}

/** The profile of one service in one environment. `GET /v1/shield` lists them. */
export interface WireShieldProfile {
  readonly id: string;
  readonly service: string;
  readonly environment?: string;
  readonly mode: ShieldMode;
  readonly settings: WireShieldSettings;
  readonly baseline: WireShieldBaseline;
  /** What to know about it, for example that it knows too many actions to tell more apart. */
  readonly warnings: readonly string[];
  readonly last_24_hours: {
    readonly steps: number;
    readonly anomalies: number;
    readonly held: number;
  };
  readonly last_step_at?: string;
  readonly created_at: string;
  /** When mode or settings were changed last. */
  readonly changed_at?: string;
  readonly changed_by?: WireActor;
}

export interface WireShieldNode {
  readonly action: string;
  /** How often it was seen. */
  readonly count: number;
  /** Distinct shapes of its arguments. */
  readonly shapes: number;
}

/** `null` is where a run begins (`from`), or ends (`to`). */
export interface WireShieldEdge {
  readonly from: string | null;
  readonly to: string | null;
  readonly count: number;
  /** Of going there, as it counts now: old habits fade. 0 … 1. */
  readonly probability: number;
  /** People who have called it usual, less those who have not. */
  readonly approvals: number;
}

/** `GET /v1/shield/:service`: the profile, what it has learnt, and what it would have held. */
export interface WireShieldDetails extends WireShieldProfile {
  readonly graph: {
    /** The most frequent first, 500 at most. */
    readonly nodes: readonly WireShieldNode[];
    /** Between these nodes, the most frequent first, 2,000 at most. */
    readonly edges: readonly WireShieldEdge[];
    /** Some were left out. */
    readonly is_cut: boolean;
  };
  readonly entropy: readonly WireShieldEntropyPoint[];
  /** Ended runs when it was locked. */
  readonly locked_at_runs?: number;
  /**
   * What enforcing would have held, had it been on for the last seven days, beside what it did hold: the
   * anomalies that were only told.
   */
  readonly would_have_held: {
    readonly since: string;
    readonly steps: number;
    readonly anomalies: number;
    /** Of the anomalies, those that the gate or a person could have stopped: asks, purchases, actions. */
    readonly requests: number;
  };
}

/** `PUT /v1/shield/:service/mode`, admins only. */
export interface WireSetShieldMode {
  readonly mode: ShieldMode;
  readonly environment?: string;
}

/** `PUT /v1/shield/:service/settings`, admins only. What is absent stays as it is. */
export interface WireSetShieldSettings {
  /** The revision that was read; another in the meantime is `REVISION_CONFLICT`. */
  readonly base_revision: number;
  readonly environment?: string;
  readonly hold_one_in?: number;
  readonly pause_after?: number;
  /** All of them: a rule that is absent is off. */
  readonly rules?: WireShieldRules;
}

/** One step of a run. `GET /v1/shield/:service/steps` lists them, newest first. */
export interface WireShieldStep {
  /** The observation (`obs_…`) or the request (`req_…`). */
  readonly id: string;
  /** Counts up in the order in which steps became known. */
  readonly sequence: number;
  readonly run_key: string;
  readonly run_id?: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly action: string;
  readonly skeleton_hash?: string;
  readonly at: string;
  readonly ends_run?: true;
  readonly verdict: WireShieldVerdict;
  /** What a person has said of it. */
  readonly review?: {
    readonly answer: ShieldAnswer;
    readonly at: string;
    readonly by: WireActor;
  };
}

/** One run. `GET /v1/shield/:service/runs` lists them, the latest first. */
export interface WireShieldRun {
  /** Names it within its profile. */
  readonly run_key: string;
  readonly run_id?: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly started_at: string;
  readonly last_step_at: string;
  readonly steps: number;
  readonly anomalies: number;
  readonly max_surprise_bits: number;
  /** After several anomalies in a row: until a person approves a step of it. */
  readonly is_paused: boolean;
}

/** `usual`: learn it. `unusual`: do not, and unlearn what was learnt of it. */
export const SHIELD_ANSWERS = ["usual", "unusual"] as const;
export type ShieldAnswer = (typeof SHIELD_ANSWERS)[number];

/** `POST /v1/shield/:service/reviews`: what a person says of a step that nobody had to decide. */
export interface WireReviewShieldStep {
  readonly step_id: string;
  readonly answer: ShieldAnswer;
  readonly environment?: string;
}

/** Requests that people have always approved. `GET /v1/policy-suggestions` lists them. */
export interface WirePolicySuggestion {
  readonly service: string;
  readonly action: string;
  readonly environment?: string;
  readonly agent: { readonly id: string; readonly name: string };
  /** Of the last 30 days, none of which was rejected or edited. */
  readonly approved: number;
  readonly first_at: string;
  readonly last_at: string;
  /** A statement in Cedar that would let them through. Nothing applies it but a person. */
  readonly statement: string;
  /** The policy in force with the statement behind it. */
  readonly text: string;
  readonly base_revision: number;
  /** What that text would have said of past requests. */
  readonly replay: {
    readonly tried: number;
    /** Held then, let through by it. */
    readonly allowed: number;
    /** Of those, what a person had rejected or edited. */
    readonly against_people: number;
  };
}
