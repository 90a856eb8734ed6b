import { SHIELD_MODES, type ShieldMode } from "@holdpoint/protocol";
import type { WireSetShieldMode, WireShieldProfile } from "@holdpoint/protocol/shield";
import { Argument, Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { hasCode } from "../../failure.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { describeMode } from "../../output/shield.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";
import { argumentsOf, callProfile, type PlaceOptions, withEnvironment } from "./place.js";

interface Options extends ConnectionOptions, AnswerOptions, PlaceOptions {}

export function modeCommand(terminal: Terminal): Command {
  return withJson(withConnection(withEnvironment(new Command("mode"))))
    .description("Set how far the baseline of a service is trusted. Admins only.")
    .argument("<service>", "as `holdpoint shield` lists it")
    .addArgument(new Argument("<mode>", "how far").choices(SHIELD_MODES))
    .addHelpText(
      "after",
      `
shadow: it learns from whatever happens, and holds nothing. locked: what is unlike the
baseline is told and not learnt; it gets there by itself once its surprise has flattened.
enforce: what is unlike the baseline waits for a person; from locked only.

Examples:
  holdpoint shield mode deploy enforce --environment production
  holdpoint shield mode deploy shadow`,
    )
    .action((service: string, mode: ShieldMode, options: Options) =>
      setMode(terminal, { service, mode }, options),
    );
}

async function setMode(
  terminal: Terminal,
  { service, mode }: { readonly service: string; readonly mode: ShieldMode },
  options: Options,
): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { shieldProfileSchema } = await import("@holdpoint/protocol/schemas");
  const { environment } = options;
  const body: WireSetShieldMode = { mode, ...(environment !== undefined && { environment }) };
  const profile = await callProfile<WireShieldProfile>(
    client,
    { method: "PUT", service, path: "/mode", body },
    shieldProfileSchema,
  ).catch((error: unknown) => {
    throw notLocked(error, argumentsOf(service, environment));
  });
  printAnswer(terminal, options, profile, (value) => describeMode(value, terminal.colours));
}

/** Whoever has looked at it may lock it without waiting; `--help` says what that means. */
function notLocked(error: unknown, place: string): unknown {
  if (!hasCode(error, "SHIELD_NOT_LOCKED")) return error;
  const next = `holdpoint shield show ${place}   (how far it is; to lock it as it stands: holdpoint shield mode ${place} locked)`;
  return error.withNext(next);
}
