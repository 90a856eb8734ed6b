/** What both majors of the framework call a set of tools, as far as a gate looks at it. */
export type Tools = Readonly<Record<string, { readonly inputSchema: unknown }>>;

/** A tool, seen from inside: the framework has checked what it is given. */
export interface ToolParts {
  readonly inputSchema: unknown;
  readonly execute?: ToolExecute | undefined;
  readonly onInputAvailable?: ((given: AvailableInput) => unknown) | undefined;
  readonly needsApproval?: boolean | NeedsApproval | undefined;
  readonly toModelOutput?:
    | ((given: ModelOutputInput) => ModelOutput | PromiseLike<ModelOutput>)
    | undefined;
}

export type ToolExecute = (input: unknown, options: ToolCallOptions) => unknown;

/** What the framework gives `execute` beside the input; each major has more. */
export interface ToolCallOptions {
  readonly toolCallId: string;
  readonly abortSignal?: AbortSignal | undefined;
}

/** What the framework says once the model has given a tool's input in full. */
export interface AvailableInput extends ToolCallOptions {
  readonly input: unknown;
}

export type NeedsApproval = (input: unknown, options: { readonly toolCallId: string }) => unknown;

export interface ModelOutputInput {
  readonly toolCallId: string;
  readonly input: unknown;
  readonly output: unknown;
}

/** How the framework hands a result to a model. */
export interface ModelOutput {
  readonly type: string;
  readonly value?: unknown;
}

/** A tool by its name. A name like `constructor` finds none. */
export function findTool(tools: object | undefined, name: string): ToolParts | undefined {
  if (tools === undefined || !Object.hasOwn(tools, name)) return undefined;
  return (tools as Readonly<Record<string, ToolParts>>)[name];
}
