import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { Command } from "commander";
import { DEFAULT_DATA_DIRECTORY, dataDirectory } from "../data/directory.js";
import { describeReady, type Ready } from "../development/banner.js";
import type { DevelopmentEnvironment } from "../development/environment.js";
import { choosePort, DEFAULT_PORT } from "../development/port.js";
import { printAnswer } from "../output/answer.js";
import { eventLine } from "../output/event.js";
import { type Terminal, waitForStop } from "../terminal.js";
import { portOption, withJson } from "./options.js";

interface Options {
  readonly port?: number;
  readonly host: string;
  readonly socket?: string;
  readonly data: string;
  readonly open: boolean;
  readonly json?: boolean;
}

export function devCommand(terminal: Terminal): Command {
  return withJson(new Command("dev"))
    .description("Run everything on this machine: control plane, dashboard, database, keys.")
    .addOption(
      portOption(`port to listen on, 0 for any free one (default: ${DEFAULT_PORT}, or a free one)`),
    )
    .option("--host <address>", "address to listen on; by default this machine alone", "127.0.0.1")
    .option("--socket <path>", "a Unix socket to listen on too, for you alone")
    .option("--data <dir>", "folder of the database and keys", DEFAULT_DATA_DIRECTORY)
    .option("--no-open", "do not open the browser")
    .addHelpText(
      "after",
      `
Makes the data folder with a master key, a project, an operator and an agent's API key at the first
start, and takes them up again at the next. Then prints one line for everything that happens.
With --json it prints one line when ready: url, apiKey, operatorToken, dashboardUrl, dataDir, and
socketPath where there is one. Actions may reach this machine where their manifests say so, for trying
them out; \`serve\` refuses that.

Examples:
  holdpoint dev
  holdpoint dev --port 0 --data /tmp/trial --no-open --json`,
    )
    .action((options: Options) => dev(terminal, options));
}

async function dev(terminal: Terminal, options: Options): Promise<void> {
  const port = await choosePort(options.port, options.host);
  const { startDevelopment } = await import("../development/environment.js");
  const environment = await startDevelopment({
    directory: dataDirectory(terminal.directory, options.data),
    port,
    hostname: options.host,
    ...(options.socket && { socketPath: resolve(terminal.directory, options.socket) }),
    note: terminal.note,
  });
  try {
    if (options.port === undefined && port !== DEFAULT_PORT) {
      terminal.note(`Port ${DEFAULT_PORT} is taken, so another one it is.`);
    }
    const ready = await describeEnvironment(terminal, options, environment);
    printAnswer(terminal, options, ready, () => describeReady(ready, terminal.colours));
    if (terminal.interactive && options.open && !options.json)
      await openBrowser(ready.dashboardUrl);
    await untilStopped(terminal, options, environment);
  } finally {
    await environment.plane.close();
  }
}

async function describeEnvironment(
  terminal: Terminal,
  { data, socket }: Options,
  { credentials, createSignInLink }: DevelopmentEnvironment,
): Promise<Ready> {
  return {
    ...credentials,
    dashboardUrl: await createSignInLink(),
    dataDir: dataDirectory(terminal.directory, data).path,
    ...(socket && { socketPath: resolve(terminal.directory, socket) }),
  };
}

/** Prints what happens, and answers `l`, until the process is asked to stop. */
async function untilStopped(
  terminal: Terminal,
  options: Options,
  { plane, credentials, createSignInLink }: DevelopmentEnvironment,
): Promise<void> {
  if (options.json) return waitForStop(terminal);
  const keyboard = terminal.interactive ? listen(terminal, createSignInLink) : undefined;
  const { followEvents } = await import("../api/events.js");
  await Promise.all([
    waitForStop(terminal),
    followEvents({
      ...credentials,
      signal: terminal.stopped,
      fetch: (request) => plane.fetch(request),
      onEvent: (event) => terminal.print(eventLine(event, terminal.colours)),
    }),
  ]);
  keyboard?.close();
  terminal.note("Stopping.");
}

function listen(terminal: Terminal, createSignInLink: () => Promise<string>) {
  const keyboard = createInterface({ input: terminal.input });
  keyboard.on("line", (line) => {
    if (line.trim().toLowerCase() !== "l") return;
    createSignInLink().then(terminal.print, (error: Error) => terminal.note(error.message));
  });
  return keyboard;
}

/** Without a browser to open, the printed link is enough. */
async function openBrowser(url: string): Promise<void> {
  const { default: open } = await import("open");
  await open(url).then(
    (child) => child.on("error", () => {}),
    () => {},
  );
}
