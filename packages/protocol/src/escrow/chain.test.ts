import { describe, expect, test } from "vitest";
import { verifyEscrowChain } from "./chain.js";
import type { EscrowFault } from "./error.js";
import {
  type Agent,
  ann,
  ben,
  cat,
  envelope,
  id,
  next,
  open,
  stepDigest,
  trust,
} from "./fixtures/escrow.js";
import type { EscrowEnvelope, EscrowOpening } from "./wire.js";

const parent = open();
const root = envelope([parent, next("fulfil", parent, ben)]);

/** Passed on by Ben to Cat. */
function child(fields: Partial<EscrowOpening> = {}, payer: Agent = ben, letter = "2") {
  const opened = open(
    {
      escrow_id: id("esc", letter),
      request_id: id("req", letter),
      amount: { amount_minor: 2_500, currency: "EUR" },
      parent: { escrow_id: id("esc", "1"), open_digest: stepDigest(parent) },
      ...fields,
    },
    payer,
    cat,
  );
  return envelope([opened], { escrow_id: id("esc", letter) }, [payer, cat]);
}

async function verify(...envelopes: readonly EscrowEnvelope[]) {
  return verifyEscrowChain(envelopes, { keys: await trust() });
}

describe("[G7] hand-offs verify from end to end", () => {
  test("in whatever order they come", async () => {
    const grandchild = open(
      {
        escrow_id: id("esc", "3"),
        request_id: id("req", "3"),
        amount: { amount_minor: 2_500, currency: "EUR" },
        parent: {
          escrow_id: id("esc", "2"),
          open_digest: stepDigest(child().steps[0] as string),
        },
      },
      cat,
      ann,
    );
    const last = envelope([grandchild], { escrow_id: id("esc", "3") }, [cat, ann]);
    const chain = await verify(last, root, child());
    expect(chain.root.opening.escrow_id).toBe(id("esc", "1"));
    expect(chain.handOffs).toBe(2);
    expect(chain.escrows.map(({ opening }) => opening.escrow_id)).toEqual([
      id("esc", "1"),
      id("esc", "2"),
      id("esc", "3"),
    ]);
  });

  test("one alone is a chain without hand-off", async () => {
    expect(await verify(root)).toMatchObject({ handOffs: 0 });
  });

  const cents = (amount_minor: number, currency = "EUR") => ({
    amount: { amount_minor, currency },
  });
  test.each<[string, EscrowFault, readonly EscrowEnvelope[]]>([
    ["nothing", "empty_chain", []],
    ["an escrow twice", "doubled", [root, root]],
    ["two beginnings", "two_roots", [root, child({ parent: undefined as never })]],
    ["a child without its parent", "parent_missing", [child()]],
    [
      "a parent that is not there",
      "parent_missing",
      [root, child({ parent: { escrow_id: id("esc", "9"), open_digest: stepDigest(parent) } })],
    ],
    [
      "a parent of other content",
      "parent_differs",
      [root, child({ parent: { escrow_id: id("esc", "1"), open_digest: stepDigest("x") } })],
    ],
    ["a payer who was not paid", "other_payer", [root, child({}, ann)]],
    [
      "the right payer under another key",
      "other_payer",
      [root, child({}, { agentId: ben.agentId, key: ann.key })],
    ],
    ["another currency", "other_currency", [root, child(cents(1, "USD"))]],
    ["more than there was", "above_parent", [root, child(cents(4_001))]],
    [
      "more than there was, together",
      "above_parent",
      [root, child(), child(cents(1_501), ben, "3")],
    ],
    ["a later date", "later_than_parent", [root, child({ fulfil_by: "2026-11-23T09:00:00.001Z" })]],
    ["escrows that name one another", "parent_differs", [root, circle("2", "3"), circle("3", "2")]],
  ])("but not with %s", async (_name, fault, envelopes) => {
    await expect(verify(...envelopes)).rejects.toMatchObject({ fault });
  });

  function circle(letter: string, other: string): EscrowEnvelope {
    const named = { escrow_id: id("esc", other), open_digest: stepDigest(parent) };
    return child({ parent: named }, ben, letter);
  }
});
