import type { Problem, WireRequest } from "@holdpoint/protocol";
import { describe, expect, it } from "vitest";
import { ServerError } from "../server/error.js";
import { conflictText, decideEach, type ItemResult } from "./batch.js";

const requests = ["one", "two", "three", "four", "five", "six"].map(
  (id) => ({ id }) as WireRequest,
);

function alreadyDecided(current?: Problem["current"]): ServerError {
  const problem = { type: "", title: "", status: 409, detail: "It is decided." } as const;
  return new ServerError({
    code: "ALREADY_DECIDED",
    status: 409,
    message: "It is decided.",
    problem: { ...problem, code: "ALREADY_DECIDED", ...(current ? { current } : {}) },
  });
}

async function run(decide: (request: WireRequest) => Promise<WireRequest>) {
  const results = new Map<string, ItemResult>();
  await decideEach(requests, decide, (id, result) => results.set(id, result));
  return results;
}

describe("decideEach", () => {
  it("decides every request once, four at a time", async () => {
    let running = 0;
    let most = 0;
    const decided: string[] = [];
    await run(async (request) => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      decided.push(request.id);
      return request;
    });
    expect(decided.sort()).toEqual(requests.map(({ id }) => id).sort());
    expect(most).toBe(4);
  });

  it("lets one failure stop no other", async () => {
    const results = await run(async (request) => {
      if (request.id === "two") throw alreadyDecided({ status: "REJECTED", revision: 2 });
      return request;
    });
    expect(results.get("two")).toMatchObject({ state: "failed", message: "Already rejected" });
    expect([...results.values()].filter(({ state }) => state === "done")).toHaveLength(5);
  });
});

describe("conflictText", () => {
  it("says who was first", () => {
    const by = { type: "operator", id: "usr_1", name: "Ada" };
    const error = alreadyDecided({
      status: "APPROVED_WITH_MODIFICATIONS",
      revision: 2,
      decided_by: by,
    });
    expect(conflictText(error)).toBe("Already approved with changes by Ada");
  });

  it("asks to read again what has changed", () => {
    expect(conflictText(alreadyDecided())).toContain("Read it again");
  });

  it("leaves other failures alone", () => {
    expect(conflictText(new Error("no"))).toBeUndefined();
  });
});
