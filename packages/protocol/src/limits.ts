/** Every bound of the wire, in one place: schemas, server, SDK and dashboard read it from here. */
export const LIMITS = {
  /** Bytes of one HTTP request body. An encrypted payload of `payloadBytes` still fits. */
  bodyBytes: 1_048_576,
  /** Bytes of a payload or patch as UTF-8 JSON. */
  payloadBytes: 262_144,
  /** Nesting depth of a payload, patch, schema or metadata. */
  jsonDepth: 64,
  schemaBytes: 131_072,
  metadataBytes: 16_384,
  serviceLength: 100,
  actionLength: 200,
  roleLength: 64,
  environmentLength: 64,
  agentLabelLength: 100,
  runIdLength: 200,
  reasonLength: 4_000,
  nameLength: 100,
  /** Milliseconds a request may stay open: from one second to 30 days; default 24 hours. */
  minTimeoutMs: 1_000,
  maxTimeoutMs: 2_592_000_000,
  defaultTimeoutMs: 86_400_000,
  /** Longest held `GET /v1/requests/:id`, in milliseconds. */
  maxWaitMs: 30_000,
  defaultWaitMs: 25_000,
  idempotencyKeyLength: 255,
  /** How long an idempotency key is remembered. */
  idempotencyRetentionMs: 2_592_000_000,
  /** How long after a decision its grant may be claimed: 7 days. */
  grantMs: 604_800_000,
  /** Milliseconds a claimed execution may go without renewing; then its outcome is unknown. */
  minLeaseMs: 1_000,
  maxLeaseMs: 3_600_000,
  defaultLeaseMs: 60_000,
  /** Bytes of plaintext in one encrypted segment of a parked state. */
  stateSegmentBytes: 1_048_576,
  /** Bytes of one parked state as uploaded: 1 GiB of plaintext and its envelope still fit. */
  stateBytes: 1_200_000_000,
  /** Bytes of a record's key, and of its value as JSON, as UTF-8. */
  recordKeyBytes: 1_024,
  recordBytes: 524_288,
  recordsPerCall: 100,
  /** A page of records ends once their values, as they travel, are this many bytes. */
  recordPageBytes: 1_048_576,
  observationsPerCall: 100,
  /** How long an observation is kept: 30 days. */
  observationRetentionMs: 2_592_000_000,
  /** Services, each in each environment, whose behaviour one project's shield follows. */
  shieldProfiles: 500,
  /** Distinct actions of one profile; those beyond it count as one. */
  shieldActions: 10_000,
  /** Distinct transitions of one profile, of first and second order together. */
  shieldTransitions: 1_000_000,
  /** Distinct shapes of one action. */
  shieldShapes: 1_000,
  /** A step as surprising as one run in so many has: from one in 10 to one in 500; default 100. */
  minShieldHoldOneIn: 10,
  maxShieldHoldOneIn: 500,
  defaultShieldHoldOneIn: 100,
  /** Anomalies in a row that pause a run: from 2 to 20; default 3. */
  minShieldPauseAfter: 2,
  maxShieldPauseAfter: 20,
  defaultShieldPauseAfter: 3,
  /** Bytes of a fingerprint of arguments, in hex digits. */
  fingerprintDigits: 32,
  categoryLength: 50,
  payeeLength: 255,
  /** Characters of a purchase's description, and of its comment. */
  purchaseTextLength: 2_000,
  externalIdLength: 255,
  /** Entries of one list of a spend policy. */
  spendListLength: 200,
  /** People who have to approve one purchase, at most. */
  quorum: 10,
  /** Minutes a pending purchase waits for a person, unless a policy says otherwise. */
  defaultPurchaseExpiryMinutes: 30,
  /** Purchases of one agent that wait for a person at the same time. */
  pendingPurchases: 100,
  /** Seconds a lease of the gate lasts: from one minute to an hour; default five minutes. */
  minLeaseSeconds: 60,
  maxLeaseSeconds: 3_600,
  defaultLeaseSeconds: 300,
  /** Seconds by which a proof may be older than the server's clock, or ahead of it. */
  proofAgeSeconds: 60,
  proofAheadSeconds: 5,
  /** How long a proof is remembered, so that it is not taken twice. */
  proofMemoryMs: 180_000,
  scopesPerLease: 100,
  /** How long an enrolment code can be used: from one minute to 30 days; default one day. */
  minEnrolmentMs: 60_000,
  maxEnrolmentMs: 2_592_000_000,
  defaultEnrolmentMs: 86_400_000,
  /** Bytes of an action's manifest as JSON. */
  manifestBytes: 131_072,
  actionDescriptionLength: 2_000,
  /** Actions of one project. */
  actions: 1_000,
  /** Domains one action may reach. */
  egressDomains: 100,
  minActionTimeoutMs: 100,
  maxActionTimeoutMs: 300_000,
  defaultActionTimeoutMs: 30_000,
  /** Bytes an action sends, and bytes of an answer it reads. */
  defaultActionBytes: 262_144,
  maxActionBytes: 1_048_576,
  secretNameLength: 64,
  secretBytes: 16_384,
  /** Bytes of a WebAssembly module. */
  wasmModuleBytes: 700_000,
  /** Bytes of a policy's text as UTF-8. */
  policyBytes: 131_072,
  policyNoteLength: 500,
  /** Past requests that a policy is tried against. */
  policyTrialRequests: 1_000,
  webhookUrlLength: 2_000,
  /** Webhook endpoints of one project. */
  webhookEndpoints: 50,
  /** How long a webhook delivery that has ended is listed and can be replayed: 30 days. */
  webhookDeliveryRetentionMs: 2_592_000_000,
  pageSize: 50,
  maxPageSize: 100,
  /** Receipts in one page of an export. */
  receiptPageSize: 100,
  maxReceiptPageSize: 1_000,
} as const;
