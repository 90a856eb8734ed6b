import type { JsonValue } from "@holdpoint/protocol";
import { expectTypeOf, test } from "vitest";
import type { Decision, Holdpoint, HoldpointRequest } from "../index.js";

declare const hp: Holdpoint;

test("the type tells what an event carries", async () => {
  const event = await hp.webhooks.unwrap("", new Headers());
  if (event.type === "request.approved") {
    expectTypeOf(event.decision).toEqualTypeOf<Decision<JsonValue>>();
    if (event.decision.approved) expectTypeOf(event.decision.approvedPayload).not.toBeAny();
  }
  if (event.type === "execution.committed") expectTypeOf(event.execution.result).not.toBeAny();
  if (event.type === "request.created") {
    expectTypeOf(event.request).toEqualTypeOf<HoldpointRequest>();
    // @ts-expect-error nobody has decided yet
    event.decision;
  }
  if (event.type === "purchase.settled") {
    expectTypeOf(event.purchase.amount).toBeString();
    // @ts-expect-error money is no number
    event.purchase.amount * 2;
  }
  if (event.type === "shield.anomaly") {
    expectTypeOf(event.verdict.explanation).toBeString();
    // @ts-expect-error an anomaly is no answer
    event.decision;
  }
  if (event.type === "request.endorsed") {
    // @ts-expect-error one approval of several is no answer
    event.decision;
  }
  // @ts-expect-error a test is about no request
  event.request;
});

test("a listener is given events of its own type", () => {
  hp.webhooks.handler({
    on: {
      "request.approved": (event) => expectTypeOf(event.decision).not.toBeAny(),
      "webhook.test": (event) => expectTypeOf(event.type).toEqualTypeOf<"webhook.test">(),
      "request.created": (event) =>
        expectTypeOf(event.request.payload).toEqualTypeOf<JsonValue | undefined>(),
    },
  });
  hp.webhooks.handler({ on: (event) => expectTypeOf(event.id).toBeString() });
  // @ts-expect-error no such event
  hp.webhooks.handler({ on: { "request.approve": () => {} } });
});

test("headers of fetch and of Node, several secrets", () => {
  const headers = {} as import("node:http").IncomingHttpHeaders;
  expectTypeOf(hp.webhooks.unwrap).toBeCallableWith(new Uint8Array(), headers, ["whsec_a"]);
  // @ts-expect-error parsed JSON cannot be verified
  void hp.webhooks.unwrap({ type: "request.approved" }, headers);
});
