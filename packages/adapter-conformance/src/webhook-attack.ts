import type { WireWebhookDelivery } from "@holdpoint/protocol";
import { expect } from "vitest";
import type { AdapterDriver, Answers } from "./driver.js";
import { type ServedPlane, servePlane } from "./served.js";
import { createScenes, type Effect, receiptOf, TRANSFER } from "./world.js";

/** How long real deliveries may take on a busy machine. */
const SOON = { timeout: 30_000 };

/** Over real HTTP: the control plane posts, another process's handler goes on. */
export async function playWebhook({ name, durable }: AdapterDriver): Promise<void> {
  if (durable === undefined) throw new Error(`${name} has no durable way. Say why in skips.`);
  await using plane = await servePlane();
  const effects: Effect[] = [];
  const scene = createScenes(plane.client(), effects).scene();
  await durable.park(scene);
  const [pending] = await plane.pending();

  const answers: Answers[] = [];
  const { runId, calls } = scene;
  const other = createScenes(plane.client(), effects).scene({ runId, calls });
  const onAnswers = (answer: Answers) => void answers.push(answer);
  plane.answerWith(durable.handler(other, { secret: plane.secret, onAnswers }));
  // Whoever knocks without a signature is not believed.
  expect(await plane.post('{"type":"request.approved","data":{}}')).toBe(401);

  await plane.approve(pending?.id as string);
  await expect.poll(() => answers.length, SOON).toBe(1);
  expect(answers[0]?.[TRANSFER.id]).toContain(receiptOf(TRANSFER.args));
  expect(effects).toEqual([{ tool: "transfer", args: TRANSFER.args }]);
  await expectNothingMore(plane, effects);
}

/** Delivered again, after it was handled. */
async function expectNothingMore(plane: ServedPlane, effects: readonly Effect[]): Promise<void> {
  const statuses = async () => (await plane.deliveries()).map(({ status }) => status);
  await expect.poll(statuses, SOON).toEqual(["DELIVERED"]);
  const answered = plane.answered();
  const [delivery] = await plane.deliveries();
  await plane.replay(delivery as WireWebhookDelivery);
  await expect.poll(plane.answered, SOON).toBe(answered + 1);
  expect(effects).toHaveLength(1);
}
