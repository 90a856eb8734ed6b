import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type {
  EnvelopeVectors,
  VectorOutcome,
} from "../../packages/protocol/src/vectors/envelope.js";
import type { StateVectors } from "../../packages/protocol/src/vectors/state.js";
import { describeInBrowser } from "../harness/browser.js";
import { bundleForBrowser } from "../harness/bundle.js";

const protocol = new URL("../../packages/protocol/", import.meta.url);

describeInBrowser("envelopes", (browser) => {
  test("[S-RUNTIMES] the vectors that pass in Node and at the edge pass in Chromium", async () => {
    const text = await readFile(new URL("vectors/envelope.json", protocol), "utf8");
    const vectors = JSON.parse(text) as EnvelopeVectors;
    const script = await bundleForBrowser(
      `export { runEnvelopeVectors } from "../packages/protocol/src/vectors/envelope.js";`,
      "holdpointVectors",
    );

    const page = await browser.open();
    // WebCrypto exists on secure origins only; nothing is fetched from this one.
    await page.route("https://vectors.test/**", (route) =>
      route.fulfill({ contentType: "text/html", body: '<link rel="icon" href="data:,">' }),
    );
    await page.goto("https://vectors.test/");
    await page.addScriptTag({ content: script });
    const outcomes = await page.evaluate<VectorOutcome[]>(
      `holdpointVectors.runEnvelopeVectors(JSON.parse(${JSON.stringify(text)}))`,
    );
    expect(outcomes.length).toBe(1 + 2 * vectors.valid.length + vectors.invalid.length);
    expect(outcomes.filter(({ expected, actual }) => expected !== actual)).toEqual([]);
  });
});

describeInBrowser("parked states", (browser) => {
  test("[S-RUNTIMES] the vectors that pass in Node and at the edge pass in Chromium", async () => {
    const text = await readFile(new URL("vectors/state.json", protocol), "utf8");
    const vectors = JSON.parse(text) as StateVectors;
    const script = await bundleForBrowser(
      `export { runStateVectors } from "../packages/protocol/src/vectors/state.js";`,
      "holdpointVectors",
    );
    const page = await browser.open();
    await page.route("https://vectors.test/**", (route) =>
      route.fulfill({ contentType: "text/html", body: '<link rel="icon" href="data:,">' }),
    );
    await page.goto("https://vectors.test/");
    await page.addScriptTag({ content: script });
    const outcomes = await page.evaluate<VectorOutcome[]>(
      `holdpointVectors.runStateVectors(JSON.parse(${JSON.stringify(text)}))`,
    );
    expect(outcomes.length).toBe(2 * vectors.valid.length + vectors.invalid.length);
    expect(outcomes.filter(({ expected, actual }) => expected !== actual)).toEqual([]);
  });
});
