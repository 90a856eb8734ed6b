import type { SpendPolicy, SpendScope } from "@holdpoint/protocol/spend";

/** Whose a budget or a policy is. */
interface Binding<Scope extends SpendScope> {
  readonly id: string;
  readonly scope: Scope;
  readonly agent?: { readonly id: string; readonly name: string };
}

/** Money set aside for an agent, a project or an organisation, and where it is. Decimal texts. */
export interface Budget extends Binding<SpendScope> {
  readonly organisation?: { readonly id: string; readonly name: string };
  readonly currency: string;
  /** `null`: no budget is set, and only policies limit. */
  readonly allocated: string | null;
  readonly held: string;
  readonly spent: string;
  /** `allocated - held - spent`; `null` where nothing is allocated. Below 0 after a late payment. */
  readonly available: string | null;
  readonly updatedAt: Date;
}

/** A policy in force. */
export interface BindingPolicy extends Binding<"agent" | "project"> {
  /** Counts up with every change. */
  readonly revision: number;
  /** The document itself, with the names of the wire. */
  readonly policy: SpendPolicy;
  /** What it means, a sentence each. */
  readonly summary: readonly string[];
  readonly createdAt: Date;
}
