#!/usr/bin/env node
import { EXIT_CODES } from "./exit-codes.js";
import { main } from "./program.js";
import { createTerminal } from "./terminal.js";

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // Whoever asks twice does not want to wait.
    if (stopping.signal.aborted) process.exit(EXIT_CODES.interrupted.code);
    stopping.abort();
  });
}

process.exitCode = await main(process.argv.slice(2), createTerminal(process, stopping.signal));
