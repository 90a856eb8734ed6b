import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";
import type {
  EnvelopeVectors,
  VectorOutcome,
} from "../../packages/protocol/src/vectors/envelope.js";
import { describeInBrowser } from "../harness/browser.js";

const protocol = new URL("../../packages/protocol/", import.meta.url);

describeInBrowser("envelopes", (browser) => {
  test("[S-RUNTIMES] the vectors that pass in Node and at the edge pass in Chromium", async () => {
    const text = await readFile(new URL("vectors/envelope.json", protocol), "utf8");
    const vectors = JSON.parse(text) as EnvelopeVectors;
    const bundle = await build({
      entryPoints: [fileURLToPath(new URL("src/vectors/envelope.ts", protocol))],
      bundle: true,
      write: false,
      platform: "browser",
      format: "iife",
      globalName: "holdpointVectors",
    });

    const page = await browser.open();
    // WebCrypto exists on secure origins only; nothing is fetched from this one.
    await page.route("https://vectors.test/**", (route) =>
      route.fulfill({ contentType: "text/html", body: '<link rel="icon" href="data:,">' }),
    );
    await page.goto("https://vectors.test/");
    await page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? "" });
    const outcomes = await page.evaluate<VectorOutcome[]>(
      `holdpointVectors.runEnvelopeVectors(JSON.parse(${JSON.stringify(text)}))`,
    );
    expect(outcomes.length).toBe(1 + 2 * vectors.valid.length + vectors.invalid.length);
    expect(outcomes.filter(({ expected, actual }) => expected !== actual)).toEqual([]);
  });
});
