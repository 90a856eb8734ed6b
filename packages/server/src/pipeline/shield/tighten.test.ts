import { SHIELD_MODES, type WireShieldVerdict } from "@holdpoint/protocol";
import { describe, expect, it } from "vitest";
import type { NewShieldStep } from "../../domain/shield/entry.js";
import { type Course, type Measurement, tighten } from "./tighten.js";

const COURSES = ["run", "hold", "deny"] as const satisfies readonly Course[];
/** From what lets most through to what lets least. */
const STRICTNESS = { run: 0, hold: 1, deny: 2 } as const;

function measured(mode: WireShieldVerdict["mode"], anomalous: boolean): Measurement {
  const verdict: WireShieldVerdict = {
    profile_id: "shp_01h455vb4pex5vsknk084sn02q",
    mode,
    anomalous,
    signals: anomalous ? ["path"] : [],
    effect: "none",
    surprise_bits: 12.5,
    path_bits: 12,
    structure_bits: 0.5,
    explanation: "It says why.",
  };
  const step: NewShieldStep = {
    kind: "step",
    projectId: "prj_01h455vb4pex5vsknk084sn02q",
    profileId: verdict.profile_id,
    service: "billing",
    environment: "",
    source: "ask",
    id: "req_01h455vb4pex5vsknk084sn02q",
    agentId: "agt_01h455vb4pex5vsknk084sn02q",
    runKey: "agt_01h455vb4pex5vsknk084sn02q",
    action: "refund",
    priority: "medium",
    receivedAt: 0,
    endsRun: false,
    surpriseBits: 12.5,
    departs: anomalous,
    learns: !anomalous,
    verdict,
  };
  return { outcome: "measured", verdict, step };
}

const COMBINATIONS = SHIELD_MODES.flatMap((mode) =>
  COURSES.flatMap((course) =>
    [true, false].flatMap((anomalous) =>
      [true, false].map((asksNobody) => ({ mode, course, anomalous, asksNobody })),
    ),
  ),
);

/** What is promised, said once more in other words than the table. */
function promised({ mode, course, anomalous, asksNobody }: (typeof COMBINATIONS)[number]) {
  if (!anomalous || mode === "shadow" || course === "deny") return [course, "none"];
  if (mode === "locked" || course === "hold") return [course, "warned"];
  return asksNobody ? ["deny", "denied"] : ["hold", "held"];
}

describe("an intent under the shield", () => {
  it.each(COMBINATIONS)(
    "[P-SHIELD-TIGHTENS] that would $course, in $mode, anomalous: $anomalous, asks nobody: $asksNobody",
    (combination) => {
      const { mode, course, anomalous, asksNobody } = combination;
      const tightened = tighten(course, measured(mode, anomalous), { asksNobody });
      const { shield, step } = tightened.kept;
      expect([tightened.course, shield?.effect]).toEqual(promised(combination));
      expect(step?.verdict).toEqual(shield);
      expect(STRICTNESS[tightened.course]).toBeGreaterThanOrEqual(STRICTNESS[course]);
    },
  );

  it.each(COURSES)(
    "[P-SHIELD-TIGHTENS] that would %s is left so where nothing follows it",
    (course) => {
      expect(tighten(course, { outcome: "unfollowed" })).toEqual({ course, kept: {} });
    },
  );

  it.each([
    ["run", true, false, "hold"],
    ["run", true, true, "deny"],
    ["run", false, false, "run"],
    ["run", false, true, "run"],
    ["hold", true, true, "hold"],
    ["hold", false, false, "hold"],
    ["deny", true, false, "deny"],
    ["deny", false, false, "deny"],
  ] as const)(
    "[P-SHIELD-TIGHTENS] that would %s and could not be measured, may enforce: %s, asks nobody: %s, comes to %s",
    (course, mayEnforce, asksNobody, comesTo) => {
      const measurement = { outcome: "failed", mayEnforce } as const;
      expect(tighten(course, measurement, { asksNobody })).toEqual({ course: comesTo, kept: {} });
    },
  );

  it("keeps what was measured as it is", () => {
    const measurement = Object.freeze(measured("enforce", true));
    tighten("run", measurement);
    expect(measurement).toEqual(measured("enforce", true));
  });
});
