import { Command } from "commander";
import { type ConnectionOptions, findConnection } from "../api/connection.js";
import { checkAuthority } from "../checks/authority.js";
import { type Check, failed, passed, skipped } from "../checks/check.js";
import { checkCredentials, checkServer } from "../checks/connection.js";
import { checkDatabase, checkDataDirectory, checkNode } from "../checks/machine.js";
import { checkSocket } from "../checks/socket.js";
import { dataDirectory } from "../data/directory.js";
import { CommandFailure } from "../failure.js";
import { type AnswerOptions, printAnswer } from "../output/answer.js";
import { columns } from "../output/columns.js";
import { loadEncryptionKeys } from "../payload/keys.js";
import type { Colours, Terminal } from "../terminal.js";
import { withConnection, withJson } from "./options.js";

interface Options extends ConnectionOptions, AnswerOptions {}

export function doctorCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("doctor")))
    .description("Check this machine and its connection, and say what to do about what is wrong.")
    .addHelpText("after", "\nEnds with exit code 1 when a check fails.")
    .action((options: Options) => doctor(terminal, options));
}

async function doctor(terminal: Terminal, options: Options): Promise<void> {
  const checks = await runChecks(terminal, options);
  printAnswer(terminal, options, { checks }, () => describe(checks, terminal.colours));
  const failures = checks.filter(({ result }) => result === "failed");
  if (failures.length === 0) return;
  throw new CommandFailure({
    reason: "failed",
    message: failures.length === 1 ? "1 check failed." : `${failures.length} checks failed.`,
    next: failures[0]?.next,
  });
}

async function runChecks(terminal: Terminal, options: Options): Promise<readonly Check[]> {
  const connection = await findConnection(terminal, options);
  const [database, directory, server, socket, encryption] = await Promise.all([
    checkDatabase(),
    checkDataDirectory(dataDirectory(terminal.directory, options.data)),
    checkServer(connection.url),
    checkSocket(terminal),
    checkEncryption(terminal),
  ]);
  const reachable = server[0]?.result === "passed";
  return [
    checkNode(process.versions.node),
    database,
    directory,
    ...server,
    socket,
    ...(await checkCredentials(connection, reachable)),
    await checkAuthority(connection, reachable),
    encryption,
  ];
}

async function checkEncryption(terminal: Terminal): Promise<Check> {
  const name = "Encryption key";
  if (!terminal.env.HOLDPOINT_ENCRYPTION_KEY) {
    return skipped(name, "none set; payloads are encrypted by the control plane");
  }
  try {
    const keys = await loadEncryptionKeys(terminal);
    return passed(name, keys.map(({ keyId }) => `key ${keyId.slice(0, 8)}…`).join(", "));
  } catch {
    return failed(name, "not 32 bytes as base64url", "holdpoint keys encryption");
  }
}

function describe(checks: readonly Check[], { green, red, dim, bold }: Colours): string {
  const signs = { passed: green("✓"), failed: red("✗"), skipped: dim("–") };
  const table = columns(
    checks.map(({ name, result, found }) => [signs[result], bold(name), found]),
  ).split("\n");
  return checks
    .map(({ next }, index) => (next ? `${table[index]}\n   → ${next}` : table[index]))
    .join("\n");
}
