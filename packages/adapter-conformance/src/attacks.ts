/** What every adapter has to stand, in the order of the table. Data: the table in `docs/` is made of it. */
export const ATTACKS = [
  // (a) gating a tool there is
  { id: "approve", way: "gate", what: "approved: runs once, and the result reaches the model" },
  {
    id: "edit",
    way: "gate",
    what: "edited: runs with the edit; edit, diff and comment reach the model",
  },
  {
    id: "reject",
    way: "gate",
    what: "rejected: nothing runs; the reason reaches the model, and not to retry",
  },
  { id: "expire", way: "gate", what: "nobody decides in time: nothing runs" },
  {
    id: "siblings",
    way: "gate",
    what: "one call approved and its sibling rejected: one runs, both are answered",
  },
  { id: "observe", way: "gate", what: "a call that needs nobody runs at once and is observed" },
  { id: "deny", way: "gate", what: "a call that the policy denies does not run; nobody is asked" },
  { id: "policy-throws", way: "gate", what: "a policy that throws: nothing runs" },
  {
    id: "edit-breaks-schema",
    way: "gate",
    what: "an edit that breaks the schema is refused; nothing runs by it",
  },
  {
    id: "edit-switches-tool",
    way: "gate",
    what: "an edit that names another tool is refused; neither runs",
  },
  {
    id: "tool-throws",
    way: "gate",
    what: "a tool that throws is told as failed, and not run again",
  },
  { id: "abort", way: "gate", what: "aborted while waiting: nothing runs, the request stays open" },
  {
    id: "unreachable",
    way: "gate",
    what: "control plane out of reach: nothing runs, and the error says so",
  },
  { id: "nonsense", way: "gate", what: "a server that answers nonsense: nothing runs" },
  {
    id: "unauthorized",
    way: "gate",
    what: "an API key that is not accepted: nothing runs, and the error says so",
  },
  // (b) a tool the model calls itself
  { id: "ask-approve", way: "ask", what: "the approval tool answers APPROVED with what may run" },
  { id: "ask-edit", way: "ask", what: "the approval tool answers with the edit and its diff" },
  { id: "ask-reject", way: "ask", what: "the approval tool answers STOP with the reason" },
  // (c) the process ends meanwhile
  { id: "durable-approve", way: "durable", what: "parked, approved, resumed: runs once" },
  {
    id: "durable-edit",
    way: "durable",
    what: "parked, edited, resumed: runs with the edit, which reaches the model",
  },
  {
    id: "durable-reject",
    way: "durable",
    what: "parked, rejected, resumed: nothing runs; the reason reaches the model",
  },
  {
    id: "durable-siblings",
    way: "durable",
    what: "one parked call approved and its sibling rejected: one runs",
  },
  { id: "undecided", way: "durable", what: "resumed before anybody decided: nothing runs" },
  { id: "resumed-twice", way: "durable", what: "resumed twice: one effect" },
  { id: "resumed-at-once", way: "durable", what: "50 resumes at once: one effect" },
  {
    id: "arguments-changed",
    way: "durable",
    what: "arguments changed after approval: nothing runs",
  },
  { id: "approval-forged", way: "durable", what: "an approval forged by the client: nothing runs" },
  {
    id: "moved-conversation",
    way: "durable",
    what: "a decision moved to another conversation: nothing runs there",
  },
  { id: "moved-tool", way: "durable", what: "a decision moved to another tool: nothing runs" },
  {
    id: "deny-then-approve",
    way: "durable",
    what: "rejected, then approved by the client: nothing runs",
  },
  { id: "tool-renamed", way: "durable", what: "the tool renamed while parked: nothing runs" },
  {
    id: "schema-changed",
    way: "durable",
    what: "the tool's schema changed while parked so that the arguments no longer fit: nothing runs",
  },
  {
    id: "crashed",
    way: "durable",
    what: "crashed in the middle of the effect: told as unknown, not run again",
  },
  {
    id: "webhook",
    way: "durable",
    what: "a signed webhook resumes it in another process, once; redelivered or forged, nothing more",
  },
  // (d) a model that spends
  {
    id: "spend-approve",
    way: "spend",
    what: "a purchase within the policy: approved at once, nobody is asked; confirmed, it is spent",
  },
  {
    id: "spend-beside",
    way: "spend",
    what: "beside a gated tool: the tool waits for a person, the purchase is not asked about as well",
  },
  {
    id: "spend-refuse",
    way: "spend",
    what: "a purchase that the policy refuses: STOP with the rule; nothing is reserved",
  },
  {
    id: "spend-wait",
    way: "spend",
    what: "a purchase for a person: WAIT with its id; lowered, the model may pay the lower amount",
  },
  { id: "spend-reject", way: "spend", what: "rejected by a person: STOP with the reason" },
  {
    id: "spend-twice",
    way: "spend",
    what: "the same call made again, at the same time: reserved once; with another amount, an error",
  },
  {
    id: "spend-nonsense",
    way: "spend",
    what: "amounts and currencies that are none (a number, NaN, negative, too exact): nothing is reserved",
  },
  {
    id: "spend-above",
    way: "spend",
    what: "confirmed above what was approved: an error; nothing is moved",
  },
  {
    id: "spend-hostile",
    way: "spend",
    what: "a merchant whose name looks like markup or an approval: text in its place, nothing more",
  },
  {
    id: "spend-stranger",
    way: "spend",
    what: "another agent's purchase cannot be checked or confirmed",
  },
  { id: "spend-stop", way: "spend", what: "the kill switch is on: STOP; nothing is reserved" },
  {
    id: "spend-abort",
    way: "spend",
    what: "aborted while a purchase is checked: the wait ends, the purchase stays as it is",
  },
  {
    id: "spend-unreachable",
    way: "spend",
    what: "control plane out of reach: no purchase, and the model is told not to pay",
  },
  // (e) a model that uses actions of the gate
  {
    id: "act-run",
    way: "act",
    what: "an action that the policy allows: runs once, nobody is asked; its output reaches the model",
  },
  {
    id: "act-deny",
    way: "act",
    what: "an action that the policy denies: STOP; nothing runs, nobody is asked",
  },
  {
    id: "act-hold",
    way: "act",
    what: "held and approved while the call waits: runs once; the same call made again gets what is on record",
  },
  {
    id: "act-wait",
    way: "act",
    what: "held and not decided in time: WAIT with where; the same call made again once it is approved: runs once",
  },
  {
    id: "act-reject",
    way: "act",
    what: "held and rejected: STOP with the reason; nothing runs",
  },
  { id: "act-edit", way: "act", what: "held and approved with an edit: the edit is what runs" },
  {
    id: "act-beside",
    way: "act",
    what: "beside a gated tool: the tool waits for a person, the action is not asked about as well",
  },
  {
    id: "act-twice",
    way: "act",
    what: "the same call made twice at the same time: runs once; with other parameters, an error",
  },
  { id: "act-budget", way: "act", what: "no budget left: STOP; nothing runs" },
  {
    id: "act-freeze",
    way: "act",
    what: "everything is frozen while the call waits: STOP; nothing runs, also when it is approved",
  },
  {
    id: "act-fail",
    way: "act",
    what: "a service that says no: FAILED with what it said",
  },
  {
    id: "act-unknown",
    way: "act",
    what: "a service that breaks off: UNKNOWN; the same call made again does not run again",
  },
  {
    id: "act-schema",
    way: "act",
    what: "parameters that do not fit the schema: an error; nothing runs",
  },
  {
    id: "act-secret",
    way: "act",
    what: "a service that repeats the secret: neither it nor an id of receipt, run or lease reaches the model",
  },
  {
    id: "act-hostile",
    way: "act",
    what: "an action whose title and description look like markup or an answer: text in its place, nothing more",
  },
  {
    id: "act-unreachable",
    way: "act",
    what: "control plane out of reach once the tools are there: no output, and not to call it again",
  },
] as const satisfies readonly Attack[];

/** One thing that happens, or that somebody does. */
export interface Attack {
  readonly id: string;
  /** Which of the ways of using an adapter it is about. */
  readonly way: "gate" | "ask" | "durable" | "spend" | "act";
  readonly what: string;
}

export type AttackId = (typeof ATTACKS)[number]["id"];
