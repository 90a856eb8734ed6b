import type {
  ActionEgress,
  ActionManifest,
  ActionProvider,
  ActionVerification,
  SecretUse,
  WireAction,
} from "@holdpoint/protocol/gate";
import type { Colours } from "../terminal.js";
import { columns } from "./columns.js";
import { describeActor, section } from "./request.js";
import { describeSchema } from "./schema.js";
import { describeMoney } from "./spend.js";
import { indent, printable, printableLine, wrap } from "./text.js";
import { exactTime, relativeTime } from "./time.js";

type Facts = readonly (readonly [string, string | undefined])[];

/** The rows of `actions ls`. */
export function listActions(
  actions: readonly WireAction[],
  nowMs: number,
  { dim, red }: Colours,
): string {
  const head = ["ID", "VERSION", "RISK", "APPROVAL", "CALLS", "LAST", "REACHES"].map(dim);
  const rows = actions.map(({ id, version, risk, approval, egress, registration }) => [
    id,
    printableLine(version, 20),
    risk === "critical" ? red(risk) : risk,
    approval,
    String(registration?.calls ?? 0),
    registration?.last_called_at ? relativeTime(registration.last_called_at, nowMs) : "never",
    describeEgress(egress),
  ]);
  return columns([head, ...rows]);
}

/** One action: what it does, where it goes, with what, and what became of it. */
export function describeAction(action: WireAction, nowMs: number, colours: Colours): string {
  const { registration } = action;
  return [
    `${colours.bold(printableLine(action.title))}  ${action.id} ${printableLine(action.version)}\n${colours.dim(action.digest)}`,
    indent(wrap(printable(action.description.trim()))),
    indent(
      factRows(
        [
          ["risk", action.risk],
          ["approval", action.approval],
          ...(registration
            ? manifestFacts(registration.manifest)
            : ([["reaches", describeEgress(action.egress)]] as const)),
          ["registered", registration && exactTime(registration.registered_at, nowMs)],
          ["by", registration && describeActor(registration.registered_by)],
          ["receipt", registration?.receipt_id],
          ["withdrawn", registration?.withdrawn_at && exactTime(registration.withdrawn_at, nowMs)],
          ["calls", registration && describeUse(registration, nowMs)],
        ],
        colours,
      ),
    ),
    section("Parameters", describeSchema(action.parameters), colours),
  ].join("\n\n");
}

function describeUse(
  { calls, last_called_at }: NonNullable<WireAction["registration"]>,
  nowMs: number,
): string {
  const last =
    last_called_at === undefined ? "" : `, the last ${relativeTime(last_called_at, nowMs)}`;
  return `${calls}${last}`;
}

/** What a call of it is: its plan, but for the parameters. */
export function manifestFacts(manifest: ActionManifest): Facts {
  const { cost, egress, idempotency, provider, secrets = [], verification } = manifest;
  return [
    ["for role", manifest.role],
    ["runs", describeProvider(provider)],
    ["reaches", describeEgress(egress)],
    ["secrets", secrets.map(describeSecret).join(", ") || undefined],
    ["cost", cost && describeCost(cost)],
    ["verified by", describeVerification(verification)],
    ["key", idempotency && `header ${printableLine(idempotency.header)}, the same for each try`],
    ["output", manifest.returns_output === false ? "kept from the agent" : undefined],
  ];
}

/** `api.github.com (POST)` */
export function describeEgress(egress: ActionEgress): string {
  if (egress === "none") return "nothing";
  const { domains, methods, ports, allow_private } = egress;
  const domainText = printableLine(domains.join(", "), 200);
  const port = ports === undefined ? "" : `, port ${ports.join(", ")}`;
  const method = methods === undefined ? "" : ` (${methods.join(", ")})`;
  return `${domainText}${port}${method}${allow_private ? ", private networks too" : ""}`;
}

function describeProvider(provider: ActionProvider): string {
  if (provider.type === "http") return `${provider.method} ${printableLine(provider.url, 200)}`;
  if (provider.type === "mcp") {
    return `tool ${printableLine(provider.tool)} of ${printableLine(provider.url, 200)}`;
  }
  return `WebAssembly ${provider.module}`;
}

/** By name: the value is nobody's to see. */
function describeSecret({ name, from, header, query }: SecretUse): string {
  const place = header === undefined ? `query ${query}` : `header ${header}`;
  return printableLine(`${name}${from && from !== "store" ? ` of the ${from}` : ""} (${place})`);
}

function describeCost({
  amount_minor,
  amount_parameter,
  currency,
}: NonNullable<ActionManifest["cost"]>): string {
  return amount_minor === undefined
    ? `what ${printableLine(amount_parameter ?? "")} says, in ${currency}`
    : describeMoney({ amount_minor, currency });
}

function describeVerification(verification: ActionVerification): string {
  if (verification.type === "none") return `nobody can look: ${printableLine(verification.reason)}`;
  if (verification.type === "status") return `status ${verification.statuses.join(", ")}`;
  if (verification.type === "result") return "the form of its output";
  return `reading back ${printableLine(verification.url, 200)}`;
}

export function factRows(facts: Facts, { dim }: Colours): string {
  return columns(facts.flatMap(([name, fact]) => (fact ? [[dim(name), fact]] : [])));
}

/** What registering a manifest did. */
export interface Registered {
  readonly id: string;
  readonly version: string;
  readonly digest: string;
  readonly outcome: "new" | "replaced" | "unchanged";
  /** With `replaced`. */
  readonly previous_version?: string;
}

export function describeRegistered(
  registered: readonly Registered[],
  { green, dim }: Colours,
): string {
  return registered
    .map(({ id, version, digest, outcome, previous_version }) => {
      const what = { new: "new", replaced: `replaces ${previous_version}`, unchanged: "unchanged" };
      const sign = outcome === "unchanged" ? dim("–") : green("✓");
      return `${sign} ${id} ${printableLine(version)}  ${what[outcome]}\n  ${dim(digest)}`;
    })
    .join("\n");
}
