import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject } from "vitest";
import { launchChromium } from "./chromium.js";

/** A person at a browser of their own: own cookies, own storage. */
export interface BrowserUser {
  open(options?: BrowserContextOptions): Promise<Page>;
}

/**
 * Describes tests in a real Chromium. Every page error and every console error fails the test it
 * happened in. Where no Chromium can be had the tests are skipped, loudly (see global-setup).
 */
export function describeInBrowser(name: string, body: (browser: BrowserUser) => void): void {
  const binary = inject("chromium");
  describe.skipIf(binary === null)(name, () => {
    let browser: Browser;
    const complaints: string[] = [];
    beforeAll(async () => {
      if (binary !== null) browser = await launchChromium(binary);
    });
    afterEach(async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
      expect(complaints.splice(0)).toEqual([]);
    });
    afterAll(() => browser?.close());

    body({
      async open(options) {
        const context = await browser.newContext({ ...options });
        context.setDefaultTimeout(20_000);
        const page = await context.newPage();
        page.on("pageerror", (error) => complaints.push(`page error: ${error.message}`));
        page.on("console", (message) => {
          if (message.type() === "error" && !isRefusal(message.text())) {
            complaints.push(`console: ${message.text()} (${message.location().url})`);
          }
        });
        return page;
      },
    });
  });
}

/**
 * Chromium writes each answer above 399 into the console, also where a refusal is the point, such
 * as the loser's 409 or the first 401 of somebody who has not signed in.
 */
function isRefusal(text: string): boolean {
  return /^Failed to load resource: the server responded with a status of (401|409|422)/.test(text);
}
