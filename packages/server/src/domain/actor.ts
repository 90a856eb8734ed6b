import type { WireActor } from "@holdpoint/protocol";

interface Named {
  readonly id: string;
  readonly name: string;
}

/** A person, as history, receipts and webhooks name who did something. */
export function operatorActor({ id, name }: Named) {
  return { type: "operator", id, name } as const satisfies WireActor;
}

/** A program, likewise. */
export function agentActor({ id, name }: Named) {
  return { type: "agent", id, name } as const satisfies WireActor;
}

/** What locks baselines, tells of anomalies, and denies what nobody is asked about. */
export const SHIELD = { type: "system", id: "shield" } as const satisfies WireActor;
