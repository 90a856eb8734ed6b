/**
 * The kinds of thing that carry an id, and the TypeID prefix of each.
 *
 * @see https://github.com/jetify-com/typeid/tree/main/spec (TypeID 0.3)
 */
export const ID_PREFIXES = {
  request: "req",
  project: "prj",
  agent: "agt",
  apiKey: "key",
  operator: "usr",
  operatorToken: "tok",
  event: "evt",
  receipt: "rcp",
  grant: "gnt",
  execution: "exe",
  state: "sta",
  observation: "obs",
  budget: "bgt",
  ledgerEntry: "lgr",
  spendPolicy: "spp",
  refund: "rfd",
  organisation: "org",
  escrow: "esc",
  lease: "lse",
  gateSession: "gss",
  enrolment: "enr",
  agentIdentity: "aid",
  policy: "pol",
  shieldProfile: "shp",
  webhookEndpoint: "whk",
  webhookDelivery: "whd",
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

/** 128 bits as 26 digits of Crockford's base32, of which the first carries three bits. */
const SUFFIX = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/** The receipt of an event has the event's digits under its own prefix. */
export function receiptIdOf(eventId: string): string {
  return `${ID_PREFIXES.receipt}_${eventId.slice(ID_PREFIXES.event.length + 1)}`;
}

/** Tells whether `value` is a well-formed id of this kind, for example `req_01jz…`. Never throws. */
export function isId(kind: IdKind, value: unknown): value is string {
  const prefix = `${ID_PREFIXES[kind]}_`;
  return (
    typeof value === "string" && value.startsWith(prefix) && SUFFIX.test(value.slice(prefix.length))
  );
}
