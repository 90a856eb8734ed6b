/** Everything the server has acknowledged, and what it was asked without an answer, per request. */
export class Ledger {
  readonly requests = new Map<string, Entry>();
  /** The JWS of each receipt that was answered. */
  readonly receipts = new Map<string, string>();
  /** Every checkpoint of the log that was answered. */
  readonly checkpoints = new Set<string>();
  /** What was answered to each Idempotency-Key; undefined where nobody knows. */
  readonly keyed = new Map<string, string | undefined>();
  /** Receipts whose signature has been verified before. */
  readonly verified = new Set<string>();
  /** Answers that nobody expects, whatever is killed. */
  readonly surprises: string[] = [];

  entry(id: string): Entry {
    const entry = this.requests.get(id) ?? new Entry();
    this.requests.set(id, entry);
    return entry;
  }

  /**
   * What has been answered until now. What may be there besides goes on counting, since it may
   * reach the database at any time.
   */
  freeze(): Ledger {
    const frozen = new Ledger();
    for (const [id, entry] of this.requests) {
      const copy = Object.assign(new Entry(), entry, { claims: new Set(entry.claims) });
      frozen.requests.set(id, copy);
    }
    for (const [key, answer] of this.keyed) frozen.keyed.set(key, answer);
    for (const [id, jws] of this.receipts) frozen.receipts.set(id, jws);
    for (const checkpoint of this.checkpoints) frozen.checkpoints.add(checkpoint);
    return frozen;
  }

  /** How many answers are remembered. */
  get size(): number {
    return [...this.requests.values()].reduce((sum, entry) => sum + entry.acknowledged, 0);
  }
}

/** What is known of one request. */
export class Entry {
  /** Answers counted. */
  acknowledged = 0;
  created = false;
  /** The status that was answered. */
  status: string | undefined;
  /** Statuses it may have because somebody asked for them. */
  readonly possible = new Set<string>(["PENDING"]);
  /** Executions whose claim was answered 201. */
  readonly claims = new Set<string>();
  /** Executions that may be claimed because somebody asked. */
  readonly claimsAsked = new Set<string>();
  /** How the execution was answered to have ended, and every way somebody asked for. */
  settled: string | undefined;
  readonly settledPossible = new Set<string>(["NONE", "CLAIMED", "OUTCOME_UNKNOWN"]);

  acknowledge(fact: Partial<Pick<Entry, "created" | "status" | "settled">>): void {
    Object.assign(this, fact);
    this.acknowledged += 1;
  }
}
