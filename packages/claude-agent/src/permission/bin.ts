#!/usr/bin/env node
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import manifest from "../../package.json" with { type: "json" };
import { HELP, readCommandLine } from "./command-line.js";
import { createPermissionServer } from "./server.js";

// Standard output is the protocol: everything else is said on standard error.
try {
  const line = readCommandLine(process.argv.slice(2));
  switch (line.command) {
    case "help":
      process.stdout.write(HELP);
      break;
    case "version":
      process.stdout.write(`${manifest.version}\n`);
      break;
    case "serve":
      await serve(createPermissionServer(line.options));
  }
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

/** Until Claude closes its end. What is held then ends unanswered; its questions stay open. */
async function serve(factory: ReturnType<typeof createPermissionServer>): Promise<void> {
  const handle = serveStdio(factory, {
    onerror: (error) => process.stderr.write(`error: ${error.message}\n`),
  });
  await new Promise<void>((resolve) => {
    for (const event of ["end", "close"]) process.stdin.once(event, () => resolve());
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => resolve());
  });
  await handle.close();
}
