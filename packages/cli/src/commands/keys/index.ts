import { Command } from "commander";
import type { Terminal } from "../../terminal.js";
import { createCommand } from "./create.js";
import { drawCommand } from "./draw.js";
import { lsCommand } from "./ls.js";
import { revokeCommand } from "./revoke.js";
import { rotateSigningCommand } from "./rotate-signing.js";

export function keysCommand(terminal: Terminal): Command {
  return new Command("keys")
    .description("API keys of agents, and keys that encrypt and sign.")
    .addCommand(createCommand(terminal))
    .addCommand(lsCommand(terminal))
    .addCommand(revokeCommand(terminal))
    .addCommand(rotateSigningCommand(terminal))
    .addCommand(
      drawCommand(terminal, {
        name: "encryption",
        description: "Draw a key for end-to-end encryption (HOLDPOINT_ENCRYPTION_KEY).",
        help: `Give it to the agent and to whoever decides, never to the control plane:
  export HOLDPOINT_ENCRYPTION_KEY=$(holdpoint keys encryption)`,
      }),
    )
    .addCommand(
      drawCommand(terminal, {
        name: "master",
        description: "Draw a master key for `holdpoint serve` (HOLDPOINT_MASTER_KEY).",
        help: `It encrypts what the database holds. Keep a copy: without it the database is lost.
  export HOLDPOINT_MASTER_KEY=$(holdpoint keys master)`,
      }),
    );
}
