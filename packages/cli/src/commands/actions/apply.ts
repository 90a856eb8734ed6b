import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { describeRegistered, type Registered } from "../../output/action.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";
import { fetchActions, registerAction } from "./fetch.js";
import { type CheckedManifest, checkFile, describeChecked, requireValid } from "./manifest.js";

interface Options extends ConnectionOptions, AnswerOptions {}

export function applyCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("apply")))
    .description("Register manifests, each in the place of the version before it. Admins only.")
    .argument("<files...>", "YAML or JSON, or - for standard input")
    .addHelpText(
      "after",
      `
All are checked first; where one has an error, none is registered. One that is in use as it is stays
so. A changed manifest needs another version.

Example:
  holdpoint actions apply actions/*.yaml`,
    )
    .action((files: readonly string[], options: Options) => apply(terminal, files, options));
}

async function apply(
  terminal: Terminal,
  files: readonly string[],
  options: Options,
): Promise<void> {
  const checked: CheckedManifest[] = [];
  for (const file of files) checked.push(await checkFile(terminal, file));
  const remarks = checked.filter(({ problems }) => problems.length > 0);
  if (remarks.length > 0) terminal.note(describeChecked(remarks, terminal.colours));
  requireValid(checked, " Nothing was registered.");
  const registered = await registerAll(terminal, checked, options);
  printAnswer(terminal, options, { actions: registered }, ({ actions }) =>
    describeRegistered(actions, terminal.colours),
  );
}

export async function registerAll(
  terminal: Terminal,
  checked: readonly CheckedManifest[],
  options: ConnectionOptions,
): Promise<readonly Registered[]> {
  const client = await connectOperator(terminal, options);
  const { data: inUse } = await fetchActions(client);
  const registered: Registered[] = [];
  for (const { manifest } of checked) {
    if (manifest !== undefined) registered.push(await registerAction(client, manifest, inUse));
  }
  return registered;
}
