import { LIMITS, SENSITIVE_KINDS } from "@holdpoint/protocol";
import type {
  WireSetShieldSettings,
  WireShieldProfile,
  WireShieldRules,
  WireShieldSettings,
} from "@holdpoint/protocol/shield";
import { Command, InvalidArgumentError } from "commander";
import { connectOperator, type OperatorClient } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { hasCode } from "../../failure.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { describeSettings } from "../../output/shield.js";
import type { Terminal } from "../../terminal.js";
import { parseBetween, parseMoney, parseWords, withConnection, withJson } from "../options.js";
import { argumentsOf, callProfile, type PlaceOptions, withEnvironment } from "./place.js";

/** Rules as given, `null` for one that is to be off. */
type RuleChanges = { readonly [Name in keyof WireShieldRules]?: WireShieldRules[Name] | null };

interface Options extends ConnectionOptions, AnswerOptions, PlaceOptions {
  readonly holdOneIn?: number;
  readonly pauseAfter?: number;
  readonly rule?: RuleChanges;
  readonly base?: number;
}

/** Each one that is lost means that somebody else got through; so many in a row are no coincidence. */
const MAX_TRIES = 10;

export function settingsCommand(terminal: Terminal): Command {
  return withJson(withConnection(withEnvironment(new Command("settings"))))
    .description("Show what a service is measured by, or set it. Setting is for admins only.")
    .argument("<service>", "as `holdpoint shield` lists it")
    .option(
      "--hold-one-in <runs>",
      `an anomaly is as surprising as one run in so many, ${LIMITS.minShieldHoldOneIn} to ${LIMITS.maxShieldHoldOneIn}`,
      parseBetween(LIMITS.minShieldHoldOneIn, LIMITS.maxShieldHoldOneIn),
    )
    .option(
      "--pause-after <anomalies>",
      `in a row, that pause a run where it is enforced, ${LIMITS.minShieldPauseAfter} to ${LIMITS.maxShieldPauseAfter}`,
      parseBetween(LIMITS.minShieldPauseAfter, LIMITS.maxShieldPauseAfter),
    )
    .option("--rule <name=value>", "a rule, or <name>=none; may be given several times", parseRule)
    .option(
      "--base <revision>",
      "refuse when the settings have another revision by now (default: what is named is set over whatever stands)",
      parseBetween(0, Number.MAX_SAFE_INTEGER),
    )
    .addHelpText(
      "after",
      `
What is not named stays as it is. Rules:
  velocity=60                    steps of one run in any minute, at most
  loop=5                         the same call with the same arguments in a row, at most
  sensitive=card_number,iban     what must not leave: ${SENSITIVE_KINDS.join(", ")}
  run_cost="100 EUR"             what one run may cost

Examples:
  holdpoint shield settings deploy
  holdpoint shield settings deploy --hold-one-in 200 --rule loop=5 --rule velocity=none`,
    )
    .action((service: string, options: Options) => settings(terminal, service, options));
}

async function settings(terminal: Terminal, service: string, options: Options): Promise<void> {
  const { holdOneIn, pauseAfter, rule } = options;
  const client = await connectOperator(terminal, options);
  const isChange = [holdOneIn, pauseAfter, rule].some((each) => each !== undefined);
  const { settings } = isChange
    ? await change(client, service, options)
    : await read(client, service, options);
  printAnswer(terminal, options, settings, (value) => describeSettings(value, terminal.colours));
}

async function read(
  client: OperatorClient,
  service: string,
  { environment }: PlaceOptions,
): Promise<WireShieldProfile> {
  const { shieldProfileSchema } = await import("@holdpoint/protocol/schemas");
  return callProfile(client, { service, query: { environment } }, shieldProfileSchema);
}

/** Sets what is named, over what others set at the same time, unless it is to be over one revision. */
async function change(
  client: OperatorClient,
  service: string,
  options: Options,
): Promise<WireShieldProfile> {
  const { shieldProfileSchema } = await import("@holdpoint/protocol/schemas");
  for (let tries = 1; ; tries += 1) {
    const { settings } = await read(client, service, options);
    const body = bodyOf(settings, options);
    try {
      const call = { method: "PUT", service, path: "/settings", body } as const;
      return await callProfile<WireShieldProfile>(client, call, shieldProfileSchema);
    } catch (error) {
      if (!hasCode(error, "REVISION_CONFLICT")) throw error;
      if (options.base === undefined && tries < MAX_TRIES) continue;
      const place = argumentsOf(service, options.environment);
      throw error.withNext(`holdpoint shield settings ${place}   (what stands now)`);
    }
  }
}

function bodyOf(
  { revision, rules }: WireShieldSettings,
  { environment, holdOneIn, pauseAfter, rule, base }: Options,
): WireSetShieldSettings {
  return {
    base_revision: base ?? revision,
    ...(holdOneIn !== undefined && { hold_one_in: holdOneIn }),
    ...(pauseAfter !== undefined && { pause_after: pauseAfter }),
    // The call replaces all rules, so those that are not named come along.
    ...(rule !== undefined && { rules: merge(rules, rule) }),
    ...(environment !== undefined && { environment }),
  };
}

function merge(current: WireShieldRules, changes: RuleChanges): WireShieldRules {
  const entries = Object.entries({ ...current, ...changes }).filter(([, rule]) => rule !== null);
  return Object.fromEntries(entries);
}

type RuleName = keyof WireShieldRules;

/** How the value of each rule is written. */
const RULES: { readonly [Name in RuleName]: (text: string) => Required<WireShieldRules>[Name] } = {
  velocity: (text) => ({ max_per_minute: parseBetween(1, 10_000)(text) }),
  loop: (text) => ({ max_repeats: parseBetween(1, 1_000)(text) }),
  sensitive: (text) => ({ kinds: parseWords(SENSITIVE_KINDS)(text) }),
  run_cost: (text) => {
    const { amount_minor, currency } = parseMoney(text);
    return { max_minor: amount_minor, currency };
  },
};

function parseRule(text: string, previous: RuleChanges = {}): RuleChanges {
  const [, name = "", value = ""] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (!Object.hasOwn(RULES, name)) {
    const names = Object.keys(RULES).join(", ");
    throw new InvalidArgumentError(`Expected one of ${names}, then = and its value or none.`);
  }
  const rule = value === "none" ? null : RULES[name as RuleName](value);
  return { ...previous, [name]: rule };
}
