import { expect } from "vitest";
import { startChild } from "./child.js";
import { serveControlPlane } from "./control-plane.js";
import { findFreePort } from "./port.js";

/**
 * Plays an example to its end against a control plane of its own, deciding by itself.
 *
 * @param file - Below `examples/`.
 * @returns the lines it told.
 */
export async function playStory(file: string): Promise<readonly string[]> {
  await using holdpoint = await serveControlPlane({
    allowLoopbackWebhooks: true,
    allowPrivateEgress: true,
  });
  const environment = {
    HOLDPOINT_URL: holdpoint.url,
    HOLDPOINT_API_KEY: holdpoint.apiKey,
    HOLDPOINT_OPERATOR_TOKEN: holdpoint.operatorToken,
    PORT: String(await findFreePort()),
  };
  await using story = startChild(`../examples/${file}`, environment, ["--auto"]);
  const told: string[] = [];
  for (;;) {
    const line = await story.nextLine().catch(() => undefined);
    if (line === undefined) break;
    told.push(line);
  }
  expect(await story.ended, story.errors()).toBe(0);
  return told;
}
