import type { WireShieldVerdict } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import type { NewRequest } from "../../domain/request.js";
import type { NewShieldStep } from "../../domain/shield/entry.js";
import type { Store } from "../store.js";
import type { StoredShieldProfile } from "../verbs/shield.js";
import { NOW, type Tenant } from "./fixture.js";

/** What the shield knows of one service of a tenant, with steps about to be logged. */
export class Watched {
  readonly tenant: Tenant;
  readonly profile: StoredShieldProfile;

  private constructor(tenant: Tenant, profile: StoredShieldProfile) {
    this.tenant = tenant;
    this.profile = profile;
  }

  static async create(store: Store, tenant: Tenant, service = "billing", environment = "") {
    const place = { projectId: tenant.projectId, service, environment };
    const profile = await store.shield.ensureProfile(place, typeidUnboxed("shp"), NOW);
    if (profile === "too_many") throw new Error("Expected a tenant to have few profiles.");
    return new Watched(tenant, profile);
  }

  /** An observed step of this tenant's agent; each has its own id. */
  step(overrides: Partial<NewShieldStep> = {}): NewShieldStep {
    const { id, projectId, service, environment } = this.profile;
    const { agent } = this.tenant;
    const { runId } = overrides;
    return {
      kind: "step",
      projectId,
      profileId: id,
      service,
      environment,
      source: "observe",
      id: typeidUnboxed("obs"),
      agentId: agent.id,
      runKey: runId === undefined ? agent.id : `${agent.id}/${runId}`,
      action: "list-invoices",
      priority: "medium",
      observedAt: NOW,
      receivedAt: NOW,
      endsRun: false,
      surpriseBits: 1.5,
      departs: false,
      learns: true,
      verdict: this.verdict(),
      ...overrides,
    };
  }

  /** One that departs, and what was made of it. */
  departure(
    effect: WireShieldVerdict["effect"] = "held",
    overrides: Partial<NewShieldStep> = {},
  ): NewShieldStep {
    const verdict = this.verdict({ anomalous: true, signals: ["path"], effect });
    return this.step({ departs: true, learns: false, surpriseBits: 12, verdict, ...overrides });
  }

  verdict(overrides: Partial<WireShieldVerdict> = {}): WireShieldVerdict {
    return {
      profile_id: this.profile.id,
      mode: "enforce",
      anomalous: false,
      signals: [],
      effect: "none",
      surprise_bits: 1.5,
      path_bits: 1,
      structure_bits: 0.5,
      explanation: "After nothing, list-invoices comes 9 of 10 times.",
      ...overrides,
    };
  }

  /** A request about to be made that was measured, as the departure it is or the step. */
  draft(step = this.departure(), overrides: Partial<NewRequest> = {}): NewRequest {
    const draft = this.tenant.draft(overrides);
    const { verdict, skeletonHash, runId } = step;
    return {
      ...draft,
      shield: verdict,
      ...(skeletonHash !== undefined && { skeletonHash }),
      ...(runId !== undefined && { runId }),
      step: { ...step, source: "ask", id: draft.id, action: draft.action },
    };
  }
}

/** What a receipt says; nothing where there is none. */
export async function contentOf(store: Store, projectId: string, receiptId: string) {
  const receipt = await store.receipts.find(projectId, receiptId);
  const [, content = ""] = receipt?.jws.split(".") ?? [];
  return receipt && JSON.parse(Buffer.from(content, "base64url").toString("utf8"));
}
