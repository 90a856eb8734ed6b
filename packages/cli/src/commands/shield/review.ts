import type { WireList } from "@holdpoint/protocol";
import {
  SHIELD_ANSWERS,
  type ShieldAnswer,
  type WireReviewShieldStep,
  type WireShieldProfile,
  type WireShieldStep,
} from "@holdpoint/protocol/shield";
import { Argument, Command } from "commander";
import { connectOperator, type OperatorClient } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { CommandFailure } from "../../failure.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { describeReview } from "../../output/shield.js";
import { printableLine } from "../../output/text.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";
import { callProfile, isMissing } from "./place.js";

interface Options extends ConnectionOptions, AnswerOptions {
  readonly service?: string;
  readonly environment?: string;
}

interface Review {
  readonly stepId: string;
  readonly answer: ShieldAnswer;
}

export function reviewCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("review")))
    .description("Say of a step that nobody had to decide whether it is usual.")
    .argument("<step-id>", "as `holdpoint shield anomalies` lists it (obs_… or req_…)")
    .addArgument(
      new Argument("<answer>", "usual: learn it; unusual: unlearn it").choices(SHIELD_ANSWERS),
    )
    .option("--service <name>", "the service it is a step of (default: looked for in all)")
    .option("--environment <name>", "only in this environment")
    .addHelpText(
      "after",
      `
Once per step. A request that people decide is reviewed by their decision.

Examples:
  holdpoint shield review obs_01h455vb4pex5vsknk084sn02q usual`,
    )
    .action((stepId: string, answer: ShieldAnswer, options: Options) =>
      review(terminal, { stepId, answer }, options),
    );
}

async function review(terminal: Terminal, asked: Review, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const profiles = await fetchProfiles(client, options);
  for (const profile of profiles) {
    const step = await attempt(client, asked, profile);
    if (step === undefined) continue;
    printAnswer(terminal, options, step, (value) =>
      describeReview(value, profile, terminal.colours),
    );
    return;
  }
  throw new CommandFailure({
    reason: "notFound",
    message: `No step ${printableLine(asked.stepId, 60)} is known to the shield${options.service || options.environment ? " there" : ""}.`,
    next: "holdpoint shield anomalies <service>   (lists steps with their ids)",
  });
}

/** Where the step may be. */
async function fetchProfiles(
  client: OperatorClient,
  { service, environment }: Options,
): Promise<readonly WireShieldProfile[]> {
  const { listSchema, shieldProfileSchema } = await import("@holdpoint/protocol/schemas");
  const { data } = await client.call<WireList<WireShieldProfile>>(
    { path: "/v1/shield" },
    listSchema(shieldProfileSchema),
  );
  return data.filter(
    (profile) =>
      (service === undefined || profile.service === service) &&
      (environment === undefined || profile.environment === environment),
  );
}

/** `undefined`: it is no step of this profile. */
async function attempt(
  client: OperatorClient,
  { stepId, answer }: Review,
  { service, environment }: WireShieldProfile,
): Promise<WireShieldStep | undefined> {
  const { shieldStepSchema } = await import("@holdpoint/protocol/schemas");
  const where = environment === undefined ? {} : { environment };
  const body: WireReviewShieldStep = { step_id: stepId, answer, ...where };
  try {
    return await callProfile<WireShieldStep>(
      client,
      { method: "POST", service, path: "/reviews", body },
      shieldStepSchema,
    );
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
