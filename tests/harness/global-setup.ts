import type { TestProject } from "vitest/node";
import { type ChromiumBinary, findChromium } from "./chromium.js";

declare module "vitest" {
  export interface ProvidedContext {
    readonly chromium: ChromiumBinary | null;
  }
}

/** Looks for Chromium once, before the workers would unpack it side by side. */
export default async function setup(project: TestProject): Promise<void> {
  const chromium = await findChromium();
  project.provide("chromium", chromium ?? null);
  if (chromium === undefined) {
    const line = "!".repeat(78);
    console.warn(
      `${line}\nNO CHROMIUM: the browser tests are SKIPPED. Install Chromium or Chrome, or set CHROMIUM_PATH.\n${line}`,
    );
  }
}
