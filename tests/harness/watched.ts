import type { WireList } from "@holdpoint/protocol";
import type { WirePolicy } from "@holdpoint/protocol/policy";
import type { Holdpoint } from "@holdpoint/sdk";
import type { ServedControlPlane } from "./control-plane.js";
import { enforcePolicy } from "./gate.js";
import { addAgent, administer } from "./purchases.js";

/** The service whose routine {@link fillWithShield} teaches. */
export const watchedService = "deploy";
const environment = "production";
export const watchedPath = `/shield/${watchedService}?environment=${environment}`;

/** More than a baseline needs that is held to one run in {@link HOLD_ONE_IN}. */
const RUNS = 140;
/** Runs after it was locked. */
const MORE_RUNS = 24;
const HOLD_ONE_IN = 40;

/** Its changes need nobody; what the shield holds of them is by the shield alone. */
const permitChanges = `@id("planned-changes")
permit (principal, action == Action::"ask", resource == Intent::"${watchedService}/apply_terraform");
`;

/** A day's work of an agent that keeps a service running. */
function planOf(run: number): readonly string[] {
  if (run % 9 === 4) return ["plan_terraform", "apply_terraform", "check_health"];
  return [
    ...(run % 6 === 1 ? ["list_services"] : []),
    "read_logs",
    ...(run % 7 === 3 ? ["read_metrics", "read_logs"] : []),
    "summarise",
    ...(run % 5 === 2 ? ["search_runbook"] : []),
    ...(run % 11 === 5 ? ["restart_service", "check_health"] : ["open_ticket"]),
    ...(run % 4 === 0 && run % 11 !== 5 ? ["notify_channel"] : []),
  ];
}

function observe(hp: Holdpoint, runId: string, actions: readonly string[], endsRun: boolean): void {
  for (const [index, action] of actions.entries()) {
    hp.observe({
      ...{ service: watchedService, environment, runId, action, payload: {} },
      ...(endsRun && index === actions.length - 1 && { endsRun: true }),
    });
  }
}

export interface Watched {
  /** Held by the shield: it goes from the logs to production at once. */
  readonly held: string;
}

/**
 * A service whose baseline is learnt and enforced, with a departure that was only observed, and one that
 * is held.
 */
export async function fillWithShield(holdpoint: ServedControlPlane): Promise<Watched> {
  const { hp } = await addAgent(holdpoint, "deploy-agent");
  const { data } = await administer<WireList<WirePolicy>>(holdpoint, "GET", "/v1/policies");
  const [{ text, revision } = { text: "", revision: 0 }] = data;
  await enforcePolicy(holdpoint, `${text}\n${permitChanges}`, revision, "Planned changes run");
  const set = (what: "mode" | "settings", body: object) =>
    administer(holdpoint, "PUT", `/v1/shield/${watchedService}/${what}`, { environment, ...body });
  for (let run = 0; run < RUNS; run += 1) {
    observe(hp, `nightly-${run}`, planOf(run), true);
    if (run === 0) {
      await hp.flush();
      await set("settings", { base_revision: 0, hold_one_in: HOLD_ONE_IN });
    }
  }
  await hp.flush();
  await set("mode", { mode: "locked" });
  await set("mode", { mode: "enforce" });
  observe(hp, "odd-1", ["read_logs", "summarise", "delete_branch", "open_ticket"], true);
  for (let run = RUNS; run < RUNS + MORE_RUNS; run += 1) {
    observe(hp, `nightly-${run}`, planOf(run), true);
  }
  const runId = `nightly-${RUNS + MORE_RUNS}`;
  observe(hp, runId, ["list_services", "read_logs", "read_metrics", "read_logs"], false);
  const { id: held } = await hp.defer({
    ...{ service: watchedService, environment, runId },
    action: "apply_terraform",
    payload: { module: "web", plan: "none", auto_approve: true },
    priority: "high",
  });
  return { held };
}

/** A flood of one shape, and approvals enough for a suggestion. */
export async function flood(holdpoint: ServedControlPlane): Promise<void> {
  const { hp } = await addAgent(holdpoint, "support-agent");
  for (let index = 0; index < 20; index += 1) {
    const { id } = await hp.defer({
      ...{ service: "crm", action: "tag_customer" },
      payload: { customer: `C-${2_040 + index}`, tag: "newsletter" },
    });
    await holdpoint.decide(id, { decision: "approve" });
  }
  for (let index = 0; index < 14; index += 1) {
    await hp.defer({
      ...{ service: "crm", action: "send_voucher" },
      payload: { customer: `C-${3_100 + index}`, amount: 10 },
    });
  }
}
