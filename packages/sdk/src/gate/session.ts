import type { WireCreateLease } from "@holdpoint/protocol/gate";
import { HoldpointError, race } from "../core.js";
import type { Signals } from "../transport/abort.js";
import type { Answer } from "../transport/answer.js";
import type { Authorization, Authorizer, Outgoing } from "../transport/authorizer.js";
import type { HeldLease, LeaseIssuer } from "./lease.js";
import { authorizeWhileLearning, codeOf, type Lesson, type Prover } from "./prover.js";

/** What a session is begun with: it stays as it is over all its leases. */
export type SessionTerms = Omit<WireCreateLease, "session_id">;

/**
 * A client's session: gets a lease when one is needed, renews it before its end, and proves calls with
 * it. A call takes lease and key together, once, so that neither goes out with another's.
 */
export class Session implements Authorizer {
  readonly #issue: LeaseIssuer;
  readonly #prover: Prover;
  #terms: SessionTerms = {};
  #lease: HeldLease | undefined;
  /** The one lease that is being got: all who need it wait for the same. */
  #pending: Promise<HeldLease> | undefined;

  constructor(issue: LeaseIssuer, prover: Prover) {
    this.#issue = issue;
    this.#prover = prover;
  }

  /** Begins anew, in place of what there is. */
  connect(terms: SessionTerms, signals: Signals): Promise<HeldLease> {
    this.forget();
    this.#terms = terms;
    return this.use(signals);
  }

  forget(): void {
    this.#lease = undefined;
    this.#pending = undefined;
  }

  /** A lease that lives, with its key. */
  async use(signals: Signals): Promise<HeldLease> {
    const lease = this.#lease;
    const nowMs = performance.now();
    if (lease === undefined || nowMs >= lease.endsAtMs) return race(this.#obtain(), signals);
    // Ahead of time nobody waits for it; when it fails, the next call tries again.
    if (nowMs >= lease.renewAtMs) this.#obtain().catch(() => undefined);
    return lease;
  }

  authorize(outgoing: Outgoing): Promise<Authorization> {
    let lease: HeldLease | undefined;
    const authorize = async () => {
      lease = await this.use(outgoing.signals);
      const dpop = await this.#prover.prove(lease.key, outgoing, lease.digest);
      const { token } = lease.issued;
      return { headers: { authorization: `DPoP ${token}`, dpop }, secrets: [token] };
    };
    return authorizeWhileLearning<Lesson | "lease">(authorize, (answer) => {
      const isRefused = isLeaseRefused(answer);
      if (isRefused) this.#expire(lease);
      return this.#prover.learn(answer) ?? (isRefused ? "lease" : undefined);
    });
  }

  /** The session goes on under its next lease. Another call may have seen to it already. */
  #expire(lease: HeldLease | undefined): void {
    if (lease !== undefined && this.#lease === lease) this.#lease = { ...lease, endsAtMs: 0 };
  }

  #obtain(): Promise<HeldLease> {
    if (this.#pending !== undefined) return this.#pending;
    const pending = this.#next(this.#lease);
    this.#pending = pending;
    const settle = (lease = this.#lease) => {
      // Otherwise another connect, or a close, has come in between.
      if (this.#pending !== pending) return;
      this.#pending = undefined;
      this.#lease = lease;
    };
    pending.then(settle, () => settle());
    return pending;
  }

  async #next(lease: HeldLease | undefined): Promise<HeldLease> {
    const terms = this.#terms;
    if (lease === undefined) return this.#issue(terms);
    const { ttl_seconds } = terms;
    const { session_id } = lease.issued;
    try {
      return await this.#issue({ session_id, ...(ttl_seconds !== undefined && { ttl_seconds }) });
    } catch (error) {
      // Its limits would begin anew with another session: only the caller may want that.
      if (!isSessionGone(error) || isLimited(terms)) throw error;
      return this.#issue(terms);
    }
  }
}

function isLeaseRefused({ status, text }: Answer): boolean {
  const code = status === 401 ? codeOf(text) : undefined;
  return code === "LEASE_EXPIRED" || code === "LEASE_INVALID";
}

/** Begun before a freeze, or not there any more. */
function isSessionGone(error: unknown): boolean {
  if (!(error instanceof HoldpointError)) return false;
  return error.code === "RESOURCE_NOT_FOUND" || error.code === "LEASE_INVALID";
}

function isLimited({ max_calls, max_cost }: SessionTerms): boolean {
  return max_calls !== undefined || max_cost !== undefined;
}
