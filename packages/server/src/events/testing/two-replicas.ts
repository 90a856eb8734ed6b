import { createDatabase } from "@holdpoint/test-postgres";
import { inject } from "vitest";
import type { ControlPlane } from "../../control-plane.js";
import { admit, type Call, callsTo, openReplica, type People } from "./replica.js";

/** Two control planes on one database of their own, with who calls them. */
export interface TwoReplicas {
  readonly planes: readonly [ControlPlane, ControlPlane];
  readonly calls: readonly [Call, Call];
  readonly people: People;
}

export async function openTwoReplicas(): Promise<TwoReplicas> {
  const url = await createDatabase(inject("postgres"));
  const [first, second] = [await openReplica(url), await openReplica(url)];
  return {
    planes: [first, second],
    calls: [callsTo(first), callsTo(second)],
    people: await admit(first),
  };
}
