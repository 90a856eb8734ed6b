import type { WireSigningKey, WireSigningKeys } from "@holdpoint/protocol";
import { Command, Option } from "commander";
import { connectOperator, type OperatorClient } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { CommandFailure } from "../../failure.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";

type Purpose = WireSigningKey["holdpoint_purpose"];

interface Options extends ConnectionOptions, AnswerOptions {
  readonly purpose: Purpose;
}

export function rotateSigningCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("rotate-signing")))
    .description("Replace the key that signs receipts, the log's checkpoints, or leases.")
    .addOption(
      new Option("--purpose <word>", "what the key signs")
        .choices(["receipt", "log", "lease"] satisfies Purpose[])
        .default("receipt"),
    )
    .addHelpText(
      "after",
      `
The old key stays valid for a minute, is listed for ever and still verifies what it has signed.
Whoever keeps a copy of the keys fetches it again:
  curl -s $HOLDPOINT_URL/.well-known/jwks.json > keys.json`,
    )
    .action((options: Options) => rotateSigning(terminal, options));
}

async function rotateSigning(terminal: Terminal, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { signingKeySchema } = await import("@holdpoint/protocol/schemas");
  const { kid } = await findCurrentKey(client, options.purpose);
  const key = await client.call<WireSigningKey>(
    { method: "POST", path: "/v1/signing-keys/rotate", body: { kid } },
    signingKeySchema,
  );
  printAnswer(terminal, options, key, () => describe(key, kid, terminal));
}

/** Every purpose has a key from the start, and the newest comes first. */
async function findCurrentKey(client: OperatorClient, purpose: Purpose): Promise<WireSigningKey> {
  const { signingKeysSchema } = await import("@holdpoint/protocol/schemas");
  const { keys } = await client.call<WireSigningKeys>(
    { path: "/.well-known/jwks.json" },
    signingKeysSchema,
  );
  const current = keys.find((key) => key.holdpoint_purpose === purpose);
  if (current !== undefined) return current;
  throw new CommandFailure({
    reason: "unreachable",
    message: `The control plane lists no key that signs for ${purpose}.`,
    next: "holdpoint doctor",
  });
}

function describe(key: WireSigningKey, retired: string, { colours }: Terminal): string {
  return [
    `${colours.green("✓")} New key for ${SIGNED[key.holdpoint_purpose]}: ${key.kid}`,
    `  ${colours.dim(`${retired} stays valid for a minute.`)}`,
  ].join("\n");
}

const SIGNED: Readonly<Record<Purpose, string>> = {
  receipt: "receipts",
  log: "checkpoints of the log",
  lease: "leases",
};
