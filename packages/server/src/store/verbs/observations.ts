import type { Page } from "../store.js";

/** A call of an agent's that nobody had to approve. */
export interface Observation {
  readonly id: string;
  readonly service: string;
  readonly action: string;
  readonly skeletonHash?: string;
  readonly runId?: string;
  readonly parentRequestId?: string;
  readonly environment?: string;
  readonly agentLabel?: string;
  /** By the agent's clock. */
  readonly observedAt: number;
}

export interface StoredObservation extends Observation {
  readonly agent: { readonly id: string; readonly name: string };
  readonly receivedAt: number;
}

export interface ObservationQuery {
  readonly service?: string;
  readonly action?: string;
  readonly agentId?: string;
  readonly runId?: string;
  readonly limit: number;
  readonly cursor?: string;
}

export interface ObservationStore {
  /** Keeps each once per id of its agent. */
  add(
    agent: { readonly projectId: string; readonly agentId: string },
    observations: readonly Observation[],
    at: number,
  ): Promise<void>;
  /** Newest first, by when they came. */
  list(projectId: string, query: ObservationQuery): Promise<Page<StoredObservation>>;
  /** Deletes up to `limit`, of all projects, that came before `before`; how many it was. */
  prune(before: number, limit: number): Promise<number>;
}
