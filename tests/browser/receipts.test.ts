import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { VectorOutcome } from "../../packages/protocol/src/vectors/envelope.js";
import type { ReceiptVectors } from "../../packages/protocol/src/vectors/receipt.js";
import { describeInBrowser } from "../harness/browser.js";
import { bundleForBrowser } from "../harness/bundle.js";

const protocol = new URL("../../packages/protocol/", import.meta.url);

describeInBrowser("receipts", (browser) => {
  test("[S-RUNTIMES] verify in Chromium as in Node, by the protocol and by the SDK", async () => {
    const text = await readFile(new URL("vectors/receipt.json", protocol), "utf8");
    const vectors = JSON.parse(text) as ReceiptVectors;
    const script = await bundleForBrowser(
      `export { runReceiptVectors } from "../packages/protocol/src/vectors/receipt.js";
       export { Holdpoint } from "@holdpoint/sdk";`,
      "holdpoint",
    );

    const page = await browser.open();
    // WebCrypto exists on secure origins only; nothing is fetched from this one.
    await page.route("https://receipts.test/**", (route) =>
      route.fulfill({ contentType: "text/html", body: '<link rel="icon" href="data:,">' }),
    );
    await page.goto("https://receipts.test/");
    await page.addScriptTag({ content: script });
    await page.evaluate(`globalThis.vectors = JSON.parse(${JSON.stringify(text)})`);
    const outcomes = await page.evaluate<VectorOutcome[]>(`holdpoint.runReceiptVectors(vectors)`);
    expect(outcomes.length).toBe(vectors.valid.length + vectors.invalid.length);
    expect(outcomes.filter(({ expected, actual }) => expected !== actual)).toEqual([]);

    const bySdk = await page.evaluate<readonly string[]>(async () => {
      // biome-ignore lint/suspicious/noExplicitAny: it lives in the page
      const { holdpoint, vectors } = globalThis as any;
      const apiKey = `hp_${vectors.project_id.slice(4)}_${"s".repeat(43)}`;
      const hp = new holdpoint.Holdpoint({ apiKey, baseUrl: "https://receipts.test" });
      const codes: string[] = [];
      for (const { receipt } of [...vectors.valid, ...vectors.invalid]) {
        const options = { keys: vectors.keys, ...vectors.subject };
        codes.push(
          await hp.receipts.verify(receipt, options).then(
            () => "verified",
            (error: { readonly code: string }) => error.code,
          ),
        );
      }
      return codes;
    });
    expect(bySdk).toEqual([
      ...vectors.valid.map(() => "verified"),
      ...vectors.invalid.map(({ code }) => code),
    ]);
  });
});
