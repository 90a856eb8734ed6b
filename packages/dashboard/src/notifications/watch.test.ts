import type { WireRequest } from "@holdpoint/protocol";
import { describe, expect, it } from "vitest";
import { dismiss, gather, type Watch, watchArrivals } from "./watch.js";

let created = 0;
function ask(id: string, more: Partial<WireRequest> = {}): WireRequest {
  created += 1;
  return {
    ...{ service: "crm", action: "send", status: "PENDING", priority: "medium", id },
    agent: { id: "agt_1", name: "mailer" },
    skeleton_hash: "sha256:a",
    created_at: new Date(created * 1_000).toISOString(),
    ...more,
  } as WireRequest;
}

/** Watches through these lists, one after the other, away from the first on or never. */
function watch(lists: readonly (readonly WireRequest[])[], isAway = true): Watch {
  let state: Watch | undefined;
  for (const list of lists) state = watchArrivals(state, gather(list), isAway);
  if (state === undefined) throw new TypeError("Nothing to watch.");
  return state;
}
const tagsOf = ({ tags }: Watch) => [...tags.values()];
const a = ask("a");
const b = ask("b");
const other = ask("other", { action: "delete" });

describe("[P-SHIELD-NOTIFIES] what is told of", () => {
  it("is what comes while nobody looks, not what is there already", () => {
    expect(tagsOf(watch([[a, other]]))).toEqual([]);
    expect(tagsOf(watch([[a], [a, other]]))).toEqual(["other"]);
    expect(tagsOf(watch([[], [a]], false))).toEqual([]);
  });

  it("is not what came before the person left", () => {
    const present = watch([[], [a]], false);
    expect(tagsOf(watchArrivals(present, gather([a]), true))).toEqual([]);
    expect(tagsOf(watchArrivals(present, gather([a, other]), true))).toEqual(["other"]);
  });

  it("is a group under one tag, whatever of it is decided", () => {
    const more = [b, ask("c"), ask("d")];
    const grown = watch([[], [a], [a, ...more]]);
    expect(tagsOf(grown)).toEqual(["a"]);
    expect(tagsOf(watchArrivals(grown, gather(more), false))).toEqual(["a"]);
    expect(tagsOf(watchArrivals(grown, gather([]), true))).toEqual([]);
  });

  it("has nothing of a payload in its tag, not even the hash of its structure", () => {
    expect(JSON.stringify(tagsOf(watch([[], [a]])))).not.toContain("sha256");
  });

  it("stays away once it is put away, until its group grows", () => {
    const told = watch([[], [a, other]]);
    const left = dismiss(told, [...told.tags.keys()].slice(0, 1));
    expect(tagsOf(left)).toEqual(["other"]);
    expect(tagsOf(watchArrivals(left, gather([a, other]), true))).toEqual(["other"]);
    expect(tagsOf(watchArrivals(left, gather([a, b, other]), true))).toEqual(["a", "other"]);
  });
});

describe("[P-SHIELD-NOTIFIES] what is gathered", () => {
  const keys = (...requests: WireRequest[]) =>
    gather(requests).map(({ requests: each }) => each.map(({ id }) => id).join("+"));

  it("is of one shape, and what has none stands alone", () => {
    const { skeleton_hash: _, ...unknown } = ask("u");
    const { skeleton_hash: __, ...alike } = ask("v");
    expect(keys(a, other, b)).toEqual(["a+b", "other"]);
    expect(keys(unknown as WireRequest, alike as WireRequest)).toEqual(["u", "v"]);
  });

  it("has the critical first, then the unusual, then the urgent, then what came first", () => {
    const shield = { anomalous: true } as NonNullable<WireRequest["shield"]>;
    const critical = ask("critical", { action: "w", priority: "critical" });
    const high = ask("high", { action: "x", priority: "high" });
    const odd = ask("odd", { action: "y", priority: "low", shield });
    expect(keys(b, a, other, high, odd, critical)).toEqual([
      ...["critical", "odd", "high", "a+b", "other"],
    ]);
  });
});
