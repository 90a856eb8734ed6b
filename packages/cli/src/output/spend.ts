import type {
  PurchaseStatus,
  WireBudget,
  WireKillSwitch,
  WireMoney,
  WirePurchase,
  WireSpendPolicy,
} from "@holdpoint/protocol/spend";
import { AmountError, formatAmount } from "@holdpoint/protocol/spend/core";
import type { Colours } from "../terminal.js";
import { atTheRight, columns } from "./columns.js";
import { describeActor } from "./request.js";
import { indent, printableLine } from "./text.js";
import { relativeTime } from "./time.js";

interface Holder {
  readonly agent?: { readonly name: string };
  readonly organisation?: { readonly name: string };
}

/** Whose it is: `agent shopper`, `organisation Acme` or `the project`. */
export function holderOf({ agent, organisation }: Holder): string {
  if (agent) return `agent ${printableLine(agent.name, 40)}`;
  return organisation ? `organisation ${printableLine(organisation.name, 40)}` : "the project";
}

/** The rows of `spend purchases`. */
export function listPurchases(
  purchases: readonly WirePurchase[],
  nowMs: number,
  colours: Colours,
): string {
  const amounts = atTheRight(["AMOUNT", ...purchases.map(amountOf)]);
  const [amountHead = "", ...amountCells] = amounts;
  const head = ["ID", "STATUS", amountHead, "CATEGORY", "MERCHANT", "AGENT", "ASKED"];
  const rows = purchases.map((purchase, index) => [
    purchase.id,
    paintStatus(purchase.status, colours),
    amountCells[index] ?? "",
    printableLine(purchase.category, 30),
    printableLine(purchase.merchant_name ?? purchase.payee ?? "", 30),
    printableLine(purchase.agent.name, 40),
    relativeTime(purchase.created_at, nowMs),
  ]);
  return columns([head.map(colours.dim), ...rows]);
}

/** What was paid, or else may be. */
function amountOf({ amount, approved_amount, actual_amount }: WirePurchase): string {
  return describeMoney(actual_amount ?? approved_amount ?? amount);
}

function paintStatus(status: PurchaseStatus, { green, red, yellow, dim }: Colours): string {
  if (status === "pending") return yellow(status);
  if (status === "rejected" || status === "failed") return red(status);
  return status === "expired" || status === "cancelled" ? dim(status) : green(status);
}

/** The rows of `spend budget`. Balances are in the currency that stands beside them. */
export function listBudgets(budgets: readonly WireBudget[], { dim, red }: Colours): string {
  const numbers = [
    ["ALLOCATED", ...budgets.map(({ allocated, currency }) => numberOf(allocated, currency))],
    ["HELD", ...budgets.map(({ held }) => numberOf(held, held.currency))],
    ["SPENT", ...budgets.map(({ spent }) => numberOf(spent, spent.currency))],
    ["LEFT", ...budgets.map(leftOf)],
  ].map(atTheRight);
  const head = ["WHOSE", "CURRENCY", ...numbers.map(([title = ""]) => title)];
  const rows = budgets.map((budget, index) => {
    const [allocated = "", held = "", spent = "", left = ""] = numbers.map(
      (column) => column[index + 1] ?? "",
    );
    const isOver = budget.available_minor !== null && budget.available_minor < 0;
    return [holderOf(budget), budget.currency, allocated, held, spent, isOver ? red(left) : left];
  });
  return columns([head.map(dim), ...rows]);
}

function leftOf({ available_minor, currency }: WireBudget): string {
  return available_minor === null
    ? "no limit"
    : numberOf({ amount_minor: available_minor, currency }, currency);
}

function numberOf(money: WireMoney | null, currency: string): string {
  return money === null ? "none" : formatOf(money.amount_minor, currency);
}

/** `12.50 EUR` */
export function describeMoney({ amount_minor, currency }: WireMoney): string {
  return `${formatOf(amount_minor, currency)} ${printableLine(currency, 5)}`;
}

/** A newer control plane may know currencies that we do not. */
function formatOf(minor: number, currency: string): string {
  try {
    return formatAmount(BigInt(minor), currency);
  } catch (error) {
    if (error instanceof AmountError) return `${minor} (smallest units)`;
    throw error;
  }
}

/** What is stopped, and each policy in force. */
export function describePolicies(
  policies: readonly WireSpendPolicy[],
  stopped: readonly WireKillSwitch[],
  colours: Colours,
): string {
  const stops = stopped.map((one) => describeStop(one, colours));
  const told = policies.map((policy) => describePolicy(policy, colours));
  if (told.length === 0) {
    told.push(
      "No policy is in force: every purchase goes to a person.\nSet one: holdpoint spend policy --set policy.json",
    );
  }
  return [...(stops.length > 0 ? [stops.join("\n")] : []), ...told].join("\n\n");
}

function describeStop(killSwitch: WireKillSwitch, { red }: Colours): string {
  const { reason, changed_by } = killSwitch;
  const why = reason === undefined ? "" : `: ${printableLine(reason, 200)}`;
  return `${red("✗")} Spending is stopped for ${holderOf(killSwitch)}, by ${describeActor(changed_by)}${why}`;
}

/** One revision, in plain words. */
export function describePolicy(revision: WireSpendPolicy, colours: Colours): string {
  const { policy, summary, warnings } = revision;
  const title = colours.bold(`Policy of ${holderOf(revision)}, revision ${revision.revision}`);
  if (policy === null) return `${title}\n  Taken away: every purchase goes to a person.`;
  const lines = [
    ...summary.map((sentence) => printableLine(sentence, 400)),
    ...warnings.map((warning) => colours.yellow(`! ${printableLine(warning, 400)}`)),
  ];
  return `${title}\n${indent(lines.join("\n"))}`;
}
