/** One promise to whoever uses Holdpoint. A test cites it by beginning its title with `[id]`. */
export interface Requirement {
  readonly id: string;
  /** Where the promise is made. */
  readonly source: string;
  readonly sentence: string;
}

const architecture = "docs/architecture.md";
const readme = "README.md";
const spend = "docs/guides/spend.md";
const production = "docs/guides/production.md";
const policy = "docs/guides/policy.md";
const shield = "docs/guides/shield.md";

/** Every promise made so far. `requirements.test.ts` fails when one has no test. */
export const REQUIREMENTS: readonly Requirement[] = [
  {
    id: "G1",
    source: architecture,
    sentence: "A request is decided once; the loser of a race is told who won.",
  },
  {
    id: "G2",
    source: "docs/guides/exactly-once.md",
    sentence:
      "A decision authorises at most one effect, of exactly the approved arguments; an outcome nobody knows is said to be unknown.",
  },
  {
    id: "G3",
    source: architecture,
    sentence: "After kill -9, everything that was answered with 2xx is there.",
  },
  {
    id: "G4",
    source: architecture,
    sentence:
      "Silence, an unknown status, a broken envelope and a failed decryption never count as approval.",
  },
  {
    id: "G5",
    source: architecture,
    sentence: "No credential an agent holds can decide a request.",
  },
  {
    id: "G6",
    source: architecture,
    sentence:
      "With a client key, no plaintext payload or edit reaches the server, its database, log or errors.",
  },
  {
    id: "G7",
    source: "docs/guides/receipts.md",
    sentence:
      "Every decision and effect has a signed receipt in an append-only log, which a stranger can verify offline.",
  },
  {
    id: "G8",
    source: architecture,
    sentence:
      "Money never overshoots: purchases at the same time never exceed a limit or a budget, to the minor unit.",
  },
  {
    id: "S-ONCE",
    source: "docs/decisions/0001-client-made-ids.md",
    sentence: "A request sent twice under one id is made once; other content under it is refused.",
  },
  {
    id: "P-IDEMPOTENCY",
    source: "docs/guides/exactly-once.md",
    sentence:
      "A creating POST under an Idempotency-Key is done once: replayed with the same body, refused with another, told apart while in flight, through crashes.",
  },
  {
    id: "P-UNKNOWN",
    source: "docs/guides/exactly-once.md",
    sentence:
      "A lease that runs out leaves OUTCOME_UNKNOWN, which only evidence settles; nothing runs again by itself.",
  },
  {
    id: "P-WITNESS",
    source: "docs/guides/exactly-once.md",
    sentence:
      "When the world has moved since it was asked, nothing runs and the question is put again with what changed.",
  },
  {
    id: "P-VERIFY",
    source: "docs/guides/receipts.md",
    sentence:
      "A receipt verifies offline from itself and trusted keys, and each way to forge one is named and refused.",
  },
  {
    id: "P-LOG",
    source: "docs/guides/receipts.md",
    sentence:
      "A stranger can audit the log as static files; a log that forks, cuts or hides is caught.",
  },
  {
    id: "P-STATES",
    source: "docs/guides/state.md",
    sentence:
      "A parked state comes back whole from any process, or fails with a typed error; nobody else can read it.",
  },
  {
    id: "S-CONSTANT-MEMORY",
    source: "docs/guides/state.md",
    sentence:
      "A state of 1 GiB is parked and loaded in less than 64 MiB of memory, by client and server.",
  },
  {
    id: "P-RETENTION",
    source: "docs/guides/state.md",
    sentence: "States and contents are deleted after their time, leaving digests and receipts.",
  },
  {
    id: "P-WEBHOOKS",
    source: "docs/guides/webhooks.md",
    sentence:
      "A receiver that is down for hours loses nothing; every event arrives signed, at least once.",
  },
  {
    id: "P-SSRF",
    source: "docs/guides/webhooks.md",
    sentence:
      "Webhooks reach no private, loopback, link-local or metadata address, follow no redirect and no rebound name.",
  },
  {
    id: "P-REPLICAS",
    source: production,
    sentence:
      "Replicas on one PostgreSQL wake each other and take over from each other; one that is killed loses nothing.",
  },
  {
    id: "P-NETWORK",
    source: architecture,
    sentence:
      "Over a network that delays, drops, doubles, cuts and resets, every ask is made once, decided once and answered truly.",
  },
  {
    id: "P-DURABLE-RESUME",
    source: "examples/durable-resume/README.md",
    sentence:
      "A process asks and ends; another, woken by a webhook and killed at every step, acts once and finishes.",
  },
  {
    id: "P-DRAIN",
    source: production,
    sentence:
      "SIGTERM answers what is under way and what is held, takes nothing new and ends with 0 within its bound.",
  },
  {
    id: "P-BACKUP",
    source: production,
    sentence:
      "A backup made under load holds everything answered before it began; a restore is whole or nothing.",
  },
  {
    id: "P-UPGRADE",
    source: production,
    sentence:
      "A database of the first release opens with every answer readable and everything pending decidable; a migration that fails changes nothing.",
  },
  {
    id: "P-ADAPTERS",
    source: "docs/guides/adapters.md",
    sentence:
      "In every framework's own loop: one effect for an approval, none for one that is moved, changed, forged, refused or missing, and an error that says so.",
  },
  {
    id: "P-RECORDS",
    source: "docs/guides/records.md",
    sentence:
      "What an agent puts under a name is there for it alone, all of a call or nothing, sealed when a key is set.",
  },
  {
    id: "P-OBSERVE",
    source: "docs/guides/adapters.md",
    sentence:
      "A call that needs nobody is told without its values, and never waits or fails for it.",
  },
  {
    id: "P-CHECKPOINTS",
    source: "docs/guides/checkpoints.md",
    sentence:
      "LangGraph's checkpoints are kept by the control plane as its own suite asks; a graph interrupted in one process resumes in another.",
  },
  {
    id: "P-SPEND-CHECKS",
    source: spend,
    sentence:
      "Every rule of every scope is reported on every purchase, passed or not, in one order, with its numbers.",
  },
  {
    id: "P-SPEND-UNITS",
    source: spend,
    sentence:
      "Amounts are whole minor units of one currency: a fraction of a cent counts fully, and nothing is rounded or converted.",
  },
  {
    id: "P-SPEND-INPUT",
    source: spend,
    sentence:
      "What is no usable purchase, policy or budget is refused clearly and reserves nothing.",
  },
  {
    id: "P-SPEND-WINDOWS",
    source: spend,
    sentence:
      "Money counts in the windows it was reserved in; whatever is given back or refunded goes back to those.",
  },
  {
    id: "P-SPEND-NESTED",
    source: spend,
    sentence: "A purchase has to fit the agent's, the project's and the organisation's budget.",
  },
  {
    id: "P-SPEND-APPROVAL",
    source: spend,
    sentence:
      "A person may lower an amount, not raise it, and approves nothing that the policies of that moment forbid.",
  },
  {
    id: "P-SPEND-CONFIRM",
    source: spend,
    sentence:
      "A confirmation settles once, answers the same when repeated, and never takes more than was approved and tolerated.",
  },
  {
    id: "P-SPEND-LATE",
    source: spend,
    sentence: "A hold ends by itself; a payment that is told of afterwards is recorded as late.",
  },
  {
    id: "P-SPEND-UNKNOWN",
    source: spend,
    sentence: "While nobody knows whether it was paid, the money stays held.",
  },
  {
    id: "P-SPEND-STOP",
    source: spend,
    sentence:
      "A kill switch stops what is new at once; what is held stays visible, and what was paid can be confirmed.",
  },
  {
    id: "P-QUORUM",
    source: spend,
    sentence:
      "Where several people have to approve, one person counts once, and any of them rejects.",
  },
  {
    id: "P-X402",
    source: "docs/guides/x402.md",
    sentence:
      "A payment of an HTTP 402 challenge is a purchase under the same rules, bound to exactly that challenge.",
  },
  {
    id: "P-ESCROW",
    source: "docs/guides/escrow.md",
    sentence:
      "Money held for another agent is released once, by both agents' signatures or by a person, and verifies offline.",
  },
  {
    id: "P-GATE-ONCE",
    source: "docs/guides/gate.md",
    sentence:
      "A call of the gate runs at most once, and what runs is what was approved; sent again it answers what is on record.",
  },
  {
    id: "P-GATE-ORDER",
    source: "docs/guides/gate.md",
    sentence:
      "What the gate checks of a call comes in a fixed order, and the first that fails is what is answered.",
  },
  {
    id: "P-GATE-BUDGET",
    source: "docs/guides/gate.md",
    sentence:
      "Calls at the same time never exceed the calls or the cost of their session, or of their agent's day.",
  },
  {
    id: "P-GATE-FREEZE",
    source: "docs/guides/gate.md",
    sentence:
      "Once a freeze is answered nothing begins that was leased, asked for or approved before it.",
  },
  {
    id: "P-GATE-SENT",
    source: "docs/guides/gate.md",
    sentence:
      "An action is said to have failed only where nothing was sent or the service has refused it; whatever else was sent without an answer is unknown.",
  },
  {
    id: "P-GATE-SECRET",
    source: "docs/guides/gate.md",
    sentence:
      "A secret goes to the host that its action may reach and nowhere else, and what a service repeats of it is taken out of its answer.",
  },
  {
    id: "P-GATE-EGRESS",
    source: "docs/guides/gate.md",
    sentence:
      "An action reaches the hosts, ports and methods that its manifest names, on the public internet alone unless the control plane says otherwise, whatever its parameters are.",
  },
  {
    id: "P-GATE-SANDBOX",
    source: "docs/guides/gate.md",
    sentence:
      "A module of an action reaches no network, file, clock or secret, and ends with the action's time and within its memory.",
  },
  {
    id: "P-GATE-EVIDENCE",
    source: "docs/guides/gate.md",
    sentence:
      "The gate answers once its evidence is durable; what it could not record is said to be unknown.",
  },
  {
    id: "P-GATE-KEY",
    source: "packages/sdk/README.md",
    sentence:
      "A client's calls go out with a lease and a proof by the key of that lease, never by another; renewed, a session keeps its limits.",
  },
  {
    id: "P-GATE-LOST",
    source: "packages/sdk/README.md",
    sentence:
      "An answer of the gate that is lost or makes no sense is asked for again under the same id, and never taken for a call that did not run.",
  },
  {
    id: "P-POLICY",
    source: policy,
    sentence:
      "A forbid wins over a hold and a hold over a permit; what no statement is about, or could not be evaluated, is never let through by the policy.",
  },
  {
    id: "P-POLICY-AT-ONCE",
    source: policy,
    sentence:
      "A policy binds, on every replica, whatever is asked once its setting is answered; of several that are set at once one is.",
  },
  {
    id: "P-POLICY-CHECKED",
    source: policy,
    sentence:
      "What names nothing that is there, or takes for granted what may be absent, is not put in force.",
  },
  {
    id: "P-POLICY-TIGHTENS",
    source: policy,
    sentence: "A policy holds or rejects purchases; what binds the money it never loosens.",
  },
  {
    id: "P-SHIELD-TIGHTENS",
    source: shield,
    sentence:
      "The shield holds what policy would let through, and never lets through what policy would not.",
  },
  {
    id: "P-SHIELD-TAUGHT",
    source: shield,
    sentence: "What departed from a locked baseline counts only once a person has called it usual.",
  },
  {
    id: "P-SHIELD-SAME",
    source: shield,
    sentence:
      "The same entries give the same profile, whole or from a snapshot, on one control plane or another.",
  },
  {
    id: "P-SHIELD-EXPLAINS",
    source: shield,
    sentence:
      "Each verdict says why in one sentence with numbers, with the request and in its receipt.",
  },
  {
    id: "P-SHIELD-MODES",
    source: shield,
    sentence:
      "A baseline is locked when its surprise has flattened, and enforced only by an operator.",
  },
  {
    id: "P-SHIELD-RULES",
    source: shield,
    sentence: "Each rule of the shield is off by default and holds what it is about.",
  },
  {
    id: "P-SHIELD-BOUNDED",
    source: shield,
    sentence: "However many names an agent makes up, a profile stays bounded and says so.",
  },
  {
    id: "P-SHIELD-PAUSE",
    source: shield,
    sentence: "Anomalies in a row pause their run until a person approves.",
  },
  {
    id: "P-SHIELD-GROUPS",
    source: shield,
    sentence: "A flood of requests of one shape is one group in the inbox.",
  },
  {
    id: "P-SHIELD-NOTIFIES",
    source: shield,
    sentence:
      "A flood of requests of one shape is one notification, the riskiest first, with nothing of a payload in it.",
  },
  {
    id: "P-SHIELD-SUGGESTS",
    source: shield,
    sentence:
      "A policy is suggested with what it would have decided, and applied by nobody but a person.",
  },
  {
    id: "P-MCP",
    source: "packages/mcp/README.md",
    sentence:
      "A client that gives a call 60 s gets its answer after ten minutes, and after both processes were restarted.",
  },
  {
    id: "P-GATEWAY",
    source: "packages/mcp/README.md",
    sentence:
      "Behind the gateway a tool of another server runs as its policy says: once when it was asked for, never when it is denied.",
  },
  {
    id: "S-GATE",
    source: "docs/guides/gate.md",
    sentence:
      "A process with a key of its own and nothing but the gate's socket does useful work, is held, denied and stopped, and a stranger can verify every step.",
  },
  {
    id: "S-MCP-INSTALL",
    source: "packages/cli/README.md",
    sentence:
      "A client's configuration is merged, backed up and replaced at one moment, or left as it is.",
  },
  {
    id: "S-GET-STARTED",
    source: "docs/get-started.md",
    sentence: "What the pages for each framework print runs as printed, from the packed packages.",
  },
  {
    id: "S-FLOORS",
    source: "docs/guides/adapters.md",
    sentence:
      "Adapters run on the Node their frameworks ask for, and on this project's floor with pinned versions.",
  },
  {
    id: "S-FORM",
    source: readme,
    sentence: "The schema becomes a typed form; the edit comes back validated, with a diff.",
  },
  {
    id: "S-LIVE",
    source: readme,
    sentence: "A request appears in the inbox, and its answer at the agent, without a reload.",
  },
  {
    id: "S-RESUME",
    source: readme,
    sentence: "The agent goes on in the process that asked or in another.",
  },
  {
    id: "S-TOOL",
    source: readme,
    sentence:
      "A model reads APPROVED with what may run, STOP with the person's reason, or ERROR with what to do.",
  },
  {
    id: "S-SCHEMAS",
    source: "docs/get-started.md",
    sentence:
      "zod 4, zod 3, valibot, arktype and JSON Schema make the form and bind payload and edit.",
  },
  {
    id: "S-RUNTIMES",
    source: "docs/guides/encryption.md",
    sentence:
      "The same envelopes open, or fail for the same reason, in Node, at the edge and in Chromium.",
  },
  {
    id: "S-BROWSER-KEY",
    source: "docs/guides/encryption.md",
    sentence:
      "The dashboard decrypts and re-encrypts with a key loaded in the browser, and says when the key is missing or wrong.",
  },
  {
    id: "S-SMALL",
    source: readme,
    sentence:
      "The SDK's root carries no schema library, no cryptography library and no node: import.",
  },
  {
    id: "S-PACKED",
    source: readme,
    sentence: "The packed packages install with npm, and load as ES modules and CommonJS.",
  },
  {
    id: "S-SIGN-IN",
    source: architecture,
    sentence: "A one-time link signs an operator in, once.",
  },
  {
    id: "S-TRIAGE",
    source: readme,
    sentence: "Requests are decided from the keyboard, one by one or several at once.",
  },
  {
    id: "S-ACCESSIBLE",
    source: readme,
    sentence: "No page has a serious accessibility fault, in light or dark.",
  },
  {
    id: "S-PHONE",
    source: readme,
    sentence: "Every page fits a phone of 390 px.",
  },
];
