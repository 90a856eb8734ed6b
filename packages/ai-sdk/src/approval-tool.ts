import { Holdpoint } from "@holdpoint/sdk";
import {
  APPROVAL_DESCRIPTION,
  APPROVAL_INPUT,
  type ApprovalOptions,
  askForModel,
} from "@holdpoint/sdk/adapter";
import { jsonSchema, type Tool } from "ai";
import { createSchemaLoader } from "./schema.js";

/** A tool by which a model itself asks for approval. */
export interface HoldpointToolOptions<Input> extends ApprovalOptions {
  /** What the model is told of the tool. */
  readonly description?: string | undefined;
  /**
   * What the model has to fill in, and the person may edit. Default: `action`, `payload` and
   * `reason`, in the model's own words.
   */
  readonly inputSchema?: Tool<Input, string>["inputSchema"] | undefined;
  /** Names the conversation. With it a call that is made again asks once. */
  readonly runId?: string | undefined;
}

/** What the model fills in when the tool has no `inputSchema` of its own. */
export interface ApprovalInput {
  readonly action: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly reason?: string;
}

/**
 * A tool that asks a person and answers with `APPROVED …`, `STOP …` or `ERROR …`, each enough for a
 * model to act on alone. It runs nothing: to hold a tool to the answer, gate it.
 *
 * Its `execute` throws only on abort; the request stays open.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key.
 */
export function holdpoint<Input = ApprovalInput>({
  description = APPROVAL_DESCRIPTION,
  inputSchema,
  runId,
  ...options
}: HoldpointToolOptions<Input>): Tool<Input, string> & {
  readonly execute: ApprovalExecute<Input>;
} {
  const asking = { ...options, holdpoint: options.holdpoint ?? new Holdpoint() };
  const loadSchema = createSchemaLoader(inputSchema ?? OWN_SCHEMA);
  return {
    description,
    inputSchema: inputSchema ?? (OWN_SCHEMA as Tool<Input, string>["inputSchema"]),
    async execute(payload: Input, { toolCallId, abortSignal }: ApprovalCallOptions) {
      const schema = await loadSchema();
      const call = { payload, schema, runId, toolCallId, signal: abortSignal };
      return (await askForModel(asking, call)).text;
    },
  } as Tool<Input, string> & { readonly execute: ApprovalExecute<Input> };
}

const OWN_SCHEMA = jsonSchema<ApprovalInput>(
  APPROVAL_INPUT as unknown as Parameters<typeof jsonSchema>[0],
);

interface ApprovalCallOptions {
  readonly toolCallId: string;
  readonly abortSignal?: AbortSignal;
}

type ApprovalExecute<Input> = (input: Input, options: ApprovalCallOptions) => Promise<string>;
