import type { PayloadTags } from "./leaves.js";
import type { PolicyQuestion } from "./question.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The epoch was a Thursday. */
const EPOCH_WEEKDAY = 4;

/** A question as Cedar takes it; what it says is described by `POLICY_SCHEMA`. */
export function callOf(question: PolicyQuestion, tags: PayloadTags | undefined) {
  const { agent, service, action, scopes } = question;
  const principal = { type: "Agent", id: agent.id };
  return {
    principal,
    action: { type: "Action", id: question.entry },
    resource: { type: "Intent", id: `${service}/${action}` },
    context: contextOf(question, tags),
    entities: [
      { uid: principal, attrs: { name: agent.name, scopes: [...scopes] }, parents: [] },
      ...entitiesOf(tags),
    ],
  };
}

function contextOf(question: PolicyQuestion, tags: PayloadTags | undefined) {
  const { service, action, priority, environment, runId, scopes, spend, today, at } = question;
  const { shield } = question;
  return {
    service,
    action,
    priority,
    ...(environment !== undefined && { environment }),
    ...(runId !== undefined && { run_id: runId }),
    scopes: [...scopes],
    time: timeOf(at),
    ...(spend !== undefined && { spend: spendOf(spend) }),
    ...(today !== undefined && { today: { calls: today.calls, cost_minor: today.costMinor } }),
    ...(shield !== undefined && { shield: shieldOf(shield) }),
    ...(tags !== undefined && { payload: PAYLOAD }),
  };
}

/** In UTC, as an agent and an operator in different places both can tell. */
function timeOf(at: number) {
  const day = Math.floor(at / DAY_MS);
  return {
    unix_ms: at,
    hour: Math.floor((at - day * DAY_MS) / HOUR_MS),
    // Monday is 1.
    weekday: ((((day + EPOCH_WEEKDAY - 1) % 7) + 7) % 7) + 1,
    date: new Date(at).toISOString().slice(0, 10),
  };
}

function spendOf(spend: NonNullable<PolicyQuestion["spend"]>) {
  const { amountMinor, currency, category, payee } = spend;
  return {
    amount_minor: amountMinor,
    currency,
    ...(category !== undefined && { category }),
    ...(payee !== undefined && { payee }),
  };
}

/** Cedar counts in whole numbers: rounded down, nothing is rarer than it was measured to be. */
function shieldOf({ mode, anomalous, oneIn }: NonNullable<PolicyQuestion["shield"]>) {
  return { mode, anomalous, ...(oneIn !== undefined && { one_in: Math.floor(oneIn) }) };
}

const PAYLOAD = {
  text: { __entity: { type: "Text", id: "payload" } },
  numbers: { __entity: { type: "Numbers", id: "payload" } },
  flags: { __entity: { type: "Flags", id: "payload" } },
};

function entitiesOf(tags: PayloadTags | undefined) {
  if (tags === undefined) return [];
  const { text, numbers, flags } = tags;
  return [
    { uid: PAYLOAD.text.__entity, attrs: {}, parents: [], tags: text },
    { uid: PAYLOAD.numbers.__entity, attrs: {}, parents: [], tags: numbers },
    { uid: PAYLOAD.flags.__entity, attrs: {}, parents: [], tags: flags },
  ];
}
