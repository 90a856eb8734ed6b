import type { WireKillSwitch } from "@holdpoint/protocol/spend";
import { Command } from "commander";
import { findAgent } from "../../api/agent.js";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { holderOf } from "../../output/spend.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";

interface Options extends ConnectionOptions, AnswerOptions {
  readonly agent?: string;
  readonly reason?: string;
}

export function stopCommand(terminal: Terminal): Command {
  return switchCommand("stop")
    .description("Stop spending at once: nothing more is reserved or approved.")
    .addHelpText(
      "after",
      `
What is held stays held, and what was paid can still be confirmed. Any approver may stop spending;
only an admin lets it go on.

Example:
  holdpoint spend stop --agent shopper --reason "It buys the same thing again and again."`,
    )
    .action((options: Options) => turn(terminal, options, true));
}

export function resumeCommand(terminal: Terminal): Command {
  return switchCommand("resume")
    .description("Let spending go on, after `spend stop`. Admins only.")
    .action((options: Options) => turn(terminal, options, false));
}

function switchCommand(name: string): Command {
  return withJson(withConnection(new Command(name)))
    .option("--agent <name>", "only this agent (default: the whole project)")
    .option("--reason <text>", "why, for the record");
}

async function turn(terminal: Terminal, options: Options, stopped: boolean): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { killSwitchSchema } = await import("@holdpoint/protocol/schemas");
  const { agent, reason } = options;
  const body = {
    ...(agent !== undefined && { agent_id: (await findAgent(client, agent)).id }),
    stopped,
    ...(reason && { reason }),
  };
  const turned = await client.call<WireKillSwitch>(
    { method: "PUT", path: "/v1/kill-switches", body },
    killSwitchSchema,
  );
  const { red, green } = terminal.colours;
  printAnswer(terminal, options, turned, (killSwitch) =>
    stopped
      ? `${red("✗")} Spending is stopped for ${holderOf(killSwitch)}.\nLet it go on: ${againCommand(agent)}`
      : `${green("✓")} Spending goes on for ${holderOf(killSwitch)}.`,
  );
}

function againCommand(agent: string | undefined): string {
  return `holdpoint spend resume${agent === undefined ? "" : ` --agent ${agent}`}`;
}
