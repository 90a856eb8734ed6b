import { EdgeVM } from "@edge-runtime/vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeInBrowser } from "../harness/browser.js";
import { bundleForBrowser } from "../harness/bundle.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";

const encryptionKey = Buffer.alloc(32, 13).toString("base64url");

/** Where an agent runs: takes a script, then evaluates an expression to a promise of JSON. */
type Run = (script: string, expression: string) => Promise<unknown>;

/** Defers in the foreign runtime, approves, and waits there: create, hold, answer, decrypt. */
async function expectAgentToWork(holdpoint: ServedControlPlane, run: Run): Promise<void> {
  const script = await bundleForBrowser(`export { Holdpoint } from "@holdpoint/sdk";`, "holdpoint");
  const options = { apiKey: holdpoint.apiKey, baseUrl: holdpoint.url, encryptionKey };
  const client = `new holdpoint.Holdpoint(${JSON.stringify(options)})`;
  const request = { service: "worker", action: "purge", payload: { zone: "canary-91d2" } };
  const deferred = await run(script, `${client}.defer(${JSON.stringify(request)})`);
  const { id } = deferred as { id: string };
  const waiting = run(script, `${client}.wait(${JSON.stringify(id)})`);
  await holdpoint.decide(id, { decision: "approve", reason: "Go." });
  expect(await waiting).toMatchObject({
    id,
    approved: true,
    approvedPayload: request.payload,
    reason: "Go.",
  });
  expect(holdpoint.log.join("\n")).not.toContain("canary-91d2");
}

describe("an agent at the edge", () => {
  test("[S-RUNTIMES] asks, is decided and decrypts", async () => {
    await using holdpoint = await serveControlPlane();
    await expectAgentToWork(holdpoint, async (script, expression) => {
      const vm = new EdgeVM();
      vm.evaluate(script);
      const answer = await vm.evaluate<Promise<unknown>>(expression);
      return JSON.parse(JSON.stringify(answer)) as unknown;
    });
  });
});

describeInBrowser("an agent in a browser", (browser) => {
  let holdpoint: ServedControlPlane;
  beforeAll(async () => {
    holdpoint = await serveControlPlane();
  });
  afterAll(() => holdpoint?.[Symbol.asyncDispose]());

  test("[S-RUNTIMES] asks, is decided and decrypts", async () => {
    const page = await browser.open();
    // On the control plane's own origin: it invites no other.
    await page.route(`${holdpoint.url}/agent`, (route) =>
      route.fulfill({ contentType: "text/html", body: '<link rel="icon" href="data:,">' }),
    );
    await page.goto(`${holdpoint.url}/agent`);
    await expectAgentToWork(holdpoint, async (script, expression) => {
      await page.addScriptTag({ content: script });
      return page.evaluate<unknown>(expression);
    });
  });
});
