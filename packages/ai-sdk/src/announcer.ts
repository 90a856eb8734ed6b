import type { PendingCall, ToolCall } from "@holdpoint/sdk/adapter";

/** Shows, as a preliminary result, that a call waits for a person. */
export interface Announcer {
  /** Where to show it, for a call that is about to be made. */
  expect(call: ToolCall, publish: (output: unknown) => void): void;
  announce(pending: PendingCall): void;
}

export function createAnnouncer(preliminary: (pending: PendingCall) => unknown): Announcer {
  const publishers = new WeakMap<ToolCall, (output: unknown) => void>();
  return {
    expect(call, publish) {
      publishers.set(call, publish);
    },
    announce(pending) {
      publishers.get(pending.call)?.(preliminary(pending));
    },
  };
}
