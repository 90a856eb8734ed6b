import { Webhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { World } from "../routes/testing/world.js";
import { Receiver } from "./testing/receiver.js";

let world: World;
let receiver: Receiver;
beforeEach(async () => {
  world = await World.create();
  receiver = await Receiver.start();
});
afterEach(async () => {
  await receiver.stop();
  await world.controlPlane.close();
});

async function listen(fields: object = {}) {
  const reply = await world.call("POST", "/v1/webhook-endpoints", {
    as: "admin",
    body: { url: receiver.url, ...fields },
  });
  return reply.body as { id: string; secret: string };
}

describe("an event", () => {
  it("arrives, signed as Standard Webhooks", async () => {
    const { secret } = await listen();
    const request = await world.ask();
    const call = await receiver.next();
    const event = new Webhook(secret).verify(call.body, call.headers);
    expect(event).toMatchObject({
      type: "request.created",
      data: { event: { request_id: request.id }, request: { id: request.id, status: "PENDING" } },
    });
    expect(new SvixWebhook(secret).verify(call.body, call.headers)).toEqual(event);
    expect(call.headers["webhook-id"]).toMatch(/^evt_/);
  });
});
