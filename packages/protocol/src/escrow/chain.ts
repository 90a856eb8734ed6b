import { EscrowError, type EscrowFault } from "./error.js";
import { type VerifiedEscrow, type VerifyEscrowOptions, verifyEscrow } from "./verify.js";

/** Escrows that pass one piece of work on, each verified, and each from where it says. */
export interface VerifiedEscrowChain {
  /** The one that passes on from none. */
  readonly root: VerifiedEscrow;
  /** All of them, parents before children. */
  readonly escrows: readonly VerifiedEscrow[];
  /** How many hand-offs stand below one another; 0 where nothing was passed on. */
  readonly handOffs: number;
}

/**
 * Verifies hand-offs from end to end: each escrow by itself, and that each child is paid by its
 * parent's payee under the same key, names exactly its parent's opening, is in its currency and due
 * no later, and that the children of one parent together pass on no more than it holds.
 *
 * @param envelopes - In any order.
 * @throws {EscrowError} Its `code` says what does not hold; `ESCROW_CHAIN_BROKEN` of what is between
 *   escrows.
 */
export async function verifyEscrowChain(
  envelopes: readonly unknown[],
  options: Omit<VerifyEscrowOptions, "subject">,
): Promise<VerifiedEscrowChain> {
  const escrows: VerifiedEscrow[] = [];
  for (const envelope of envelopes) escrows.push(await verifyEscrow(envelope, options));
  const byId = indexById(escrows);
  const root = requireRoot(escrows);
  for (const escrow of escrows) requireParent(escrow, byId);
  for (const escrow of escrows) requireCovered(escrow, escrows);
  return { root, ...inOrder(root, escrows) };
}

/**
 * What a hand-off must not be, seen from its parent; `undefined` where it may be.
 *
 * @param passedOnMinor - What the parent's other children hold.
 */
export function handOffFault(
  child: VerifiedEscrow["opening"],
  parent: Pick<VerifiedEscrow, "opening" | "openDigest">,
  passedOnMinor = 0,
): EscrowFault | undefined {
  const { opening } = parent;
  if (child.project_id !== opening.project_id) return "other_project";
  if (child.parent?.open_digest !== parent.openDigest) return "parent_differs";
  const { payer } = child;
  if (payer.agent_id !== opening.payee.agent_id || payer.key_id !== opening.payee.key_id) {
    return "other_payer";
  }
  if (child.amount.currency !== opening.amount.currency) return "other_currency";
  if (child.amount.amount_minor + passedOnMinor > opening.amount.amount_minor) {
    return "above_parent";
  }
  return child.fulfil_by > opening.fulfil_by ? "later_than_parent" : undefined;
}

function indexById(escrows: readonly VerifiedEscrow[]): ReadonlyMap<string, VerifiedEscrow> {
  const byId = new Map<string, VerifiedEscrow>();
  for (const escrow of escrows) {
    const escrowId = escrow.opening.escrow_id;
    if (byId.has(escrowId)) throw new EscrowError("doubled", { escrowId });
    byId.set(escrowId, escrow);
  }
  return byId;
}

/** Every other has its parent among them, by digest: so with one root there is no cycle. */
function requireRoot(escrows: readonly VerifiedEscrow[]): VerifiedEscrow {
  if (escrows.length === 0) throw new EscrowError("empty_chain");
  const [root, other] = escrows.filter(({ opening }) => opening.parent === undefined);
  if (other !== undefined) {
    throw new EscrowError("two_roots", { escrowId: other.opening.escrow_id });
  }
  if (root !== undefined) return root;
  throw new EscrowError("parent_missing", {
    escrowId: (escrows[0] as VerifiedEscrow).opening.escrow_id,
  });
}

function requireParent(
  { opening }: VerifiedEscrow,
  byId: ReadonlyMap<string, VerifiedEscrow>,
): void {
  if (opening.parent === undefined) return;
  const { escrow_id: escrowId } = opening;
  const parent = byId.get(opening.parent.escrow_id);
  if (parent === undefined) throw new EscrowError("parent_missing", { escrowId });
  const fault = handOffFault(opening, parent);
  if (fault !== undefined) throw new EscrowError(fault, { escrowId });
}

/** Together, the children of one parent pass on no more than it holds. */
function requireCovered({ opening }: VerifiedEscrow, escrows: readonly VerifiedEscrow[]): void {
  const { escrow_id: escrowId, amount } = opening;
  const passedOn = childrenOf(escrowId, escrows).reduce(
    (sum, child) => sum + BigInt(child.opening.amount.amount_minor),
    0n,
  );
  if (passedOn > BigInt(amount.amount_minor)) throw new EscrowError("above_parent", { escrowId });
}

function childrenOf(escrowId: string, escrows: readonly VerifiedEscrow[]) {
  return escrows.filter(({ opening }) => opening.parent?.escrow_id === escrowId);
}

function inOrder(root: VerifiedEscrow, escrows: readonly VerifiedEscrow[]) {
  const ordered: VerifiedEscrow[] = [];
  let level: readonly VerifiedEscrow[] = [root];
  let handOffs = -1;
  for (; level.length > 0; handOffs++) {
    ordered.push(...level);
    level = level.flatMap(({ opening }) => childrenOf(opening.escrow_id, escrows));
  }
  // A digest cannot name itself; whoever found one that does has not led here from the root.
  const [lost] = escrows.filter((escrow) => !ordered.includes(escrow));
  if (lost !== undefined) {
    throw new EscrowError("parent_missing", { escrowId: lost.opening.escrow_id });
  }
  return { escrows: ordered, handOffs };
}
