import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type {
  EnvelopeVectors,
  VectorOutcome,
} from "../../packages/protocol/src/vectors/envelope.js";
import type { StateVectors } from "../../packages/protocol/src/vectors/state.js";
import { type BrowserUser, describeInBrowser } from "../harness/browser.js";
import { bundleForBrowser } from "../harness/bundle.js";

const protocol = new URL("../../packages/protocol/", import.meta.url);

describeInBrowser("envelopes", (browser) => {
  test("[S-RUNTIMES] the vectors that pass in Node and at the edge pass in Chromium", async () => {
    const text = await readFile(new URL("vectors/envelope.json", protocol), "utf8");
    const vectors = JSON.parse(text) as EnvelopeVectors;
    const outcomes = await runInPage(browser, "envelope", "runEnvelopeVectors", text);
    expect(outcomes.length).toBe(1 + 2 * vectors.valid.length + vectors.invalid.length);
    expect(outcomes.filter(({ expected, actual }) => expected !== actual)).toEqual([]);
  });
});

describeInBrowser("parked states", (browser) => {
  test("[S-RUNTIMES] the vectors that pass in Node and at the edge pass in Chromium", async () => {
    const text = await readFile(new URL("vectors/state.json", protocol), "utf8");
    const vectors = JSON.parse(text) as StateVectors;
    const outcomes = await runInPage(browser, "state", "runStateVectors", text);
    expect(outcomes.length).toBe(2 * vectors.valid.length + vectors.invalid.length);
    expect(outcomes.filter(({ expected, actual }) => expected !== actual)).toEqual([]);
  });
});

/** Runs the vectors of a kind in a page of the browser. */
async function runInPage(
  browser: BrowserUser,
  kind: string,
  run: string,
  vectorsText: string,
): Promise<readonly VectorOutcome[]> {
  const script = await bundleForBrowser(
    `export { ${run} } from "../packages/protocol/src/vectors/${kind}.js";`,
    "holdpointVectors",
  );
  const page = await browser.open();
  // WebCrypto exists on secure origins only; nothing is fetched from this one.
  await page.route("https://vectors.test/**", (route) =>
    route.fulfill({ contentType: "text/html", body: '<link rel="icon" href="data:,">' }),
  );
  await page.goto("https://vectors.test/");
  await page.addScriptTag({ content: script });
  return page.evaluate<VectorOutcome[]>(
    `holdpointVectors.${run}(JSON.parse(${JSON.stringify(vectorsText)}))`,
  );
}
