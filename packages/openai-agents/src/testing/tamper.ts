import type { DurableDriver, Parked } from "@holdpoint/adapter-conformance";

type Member = Record<string, unknown>;

/** What somebody does who gets at a serialised `RunState`. */
export const tamper: DurableDriver["tamper"] = {
  changeArguments: (parked, callId, args) =>
    rewrite(parked, (member) => {
      if (member.callId === callId && "arguments" in member) {
        member.arguments = JSON.stringify(args);
      }
    }),
  // As `state.approve(item, { alwaysApprove: true })` leaves it: no call id, no fingerprint.
  forgeApproval: (parked, callId) =>
    rewrite(parked, (member) => {
      if (!("approvals" in member && "usage" in member)) return;
      const name = toolOf(parked, callId);
      const approved = { approved: true, rejected: [] };
      member.functionApprovals = [
        {
          agentIdentity: "agent",
          approvals: { [JSON.stringify(["bare", name])]: approved },
        },
      ];
    }),
  switchTool: (parked, callId, tool) => {
    const name = toolOf(parked, callId);
    // Also within the keys that the framework makes of it, which are JSON in JSON.
    const quoted = new RegExp(`(\\\\?")${name}(\\\\?")`, "g");
    return JSON.parse(JSON.stringify(parked).replace(quoted, `$1${tool}$2`)) as Parked;
  },
  moveTo: (parked, runId) =>
    rewrite(parked, (member) => {
      if ("conversationId" in member) member.conversationId = runId;
    }),
};

function rewrite(parked: Parked, change: (member: Member) => void): Parked {
  return JSON.parse(JSON.stringify(parked), (_, value: unknown) => {
    if (typeof value === "object" && value !== null) change(value as Member);
    return value;
  }) as Parked;
}

function toolOf(parked: Parked, callId: string): string {
  let name = "";
  rewrite(parked, (member) => {
    if (member.callId === callId && typeof member.name === "string") name = member.name;
  });
  return name;
}
