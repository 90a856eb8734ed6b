import { access, constants } from "node:fs/promises";
import { arch, platform } from "node:os";
import { type Browser, chromium } from "playwright-core";

const INSTALLED = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/** No telemetry, updates or first-run pages, so that nothing leaves the machine. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-sync",
  "--disable-background-networking",
  "--disable-component-update",
];

export interface ChromiumBinary {
  readonly executablePath: string;
  readonly args: readonly string[];
  readonly origin: string;
}

/**
 * A Chromium to test with: `CHROMIUM_PATH`, else one that is installed, else the one that a
 * registry package carries (Linux x64).
 *
 * @throws {Error} when `CHROMIUM_PATH` names no executable, and, where `CI` is set, when there is
 *   no Chromium at all: CI never goes without the browser tests.
 */
export async function findChromium(): Promise<ChromiumBinary | undefined> {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (await isExecutable(named))
      return { executablePath: named, args: QUIET, origin: "CHROMIUM_PATH" };
    throw new Error(`CHROMIUM_PATH=${named} is not an executable file.`);
  }
  for (const executablePath of INSTALLED) {
    if (await isExecutable(executablePath))
      return { executablePath, args: QUIET, origin: "installed" };
  }
  if (platform() === "linux" && arch() === "x64") return unpackChromium();
  if (process.env.CI)
    throw new Error("CI is set, and there is no Chromium. Install one, or set CHROMIUM_PATH.");
  return undefined;
}

async function unpackChromium(): Promise<ChromiumBinary> {
  const { default: packed } = await import("@sparticuz/chromium");
  // Its own arguments are for functions in a cloud and turn web security off; ours suffice.
  const args = [...QUIET, "--no-zygote", "--use-gl=angle", "--use-angle=swiftshader"];
  return { executablePath: await packed.executablePath(), args, origin: "@sparticuz/chromium" };
}

export async function launchChromium({ executablePath, args }: ChromiumBinary): Promise<Browser> {
  return chromium.launch({ executablePath, args: [...args], headless: true });
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
