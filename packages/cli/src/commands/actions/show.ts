import type { WireAction } from "@holdpoint/protocol/gate";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { describeAction } from "../../output/action.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { printable, printableJson } from "../../output/text.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";
import { fetchAction } from "./fetch.js";

interface Options extends ConnectionOptions, AnswerOptions {
  readonly digest?: string;
  readonly manifest?: boolean;
}

export function showCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("show")))
    .description("Show one action: what it takes, where it goes, with what, and its use.")
    .argument("<id>", "as listed by `holdpoint actions ls`")
    .option("--digest <sha256:…>", "this version, also one that is withdrawn")
    .option("--manifest", "print the manifest alone, as YAML, to edit and apply")
    .addHelpText(
      "after",
      `
Example:
  holdpoint actions show github-issue --manifest > github-issue.yaml`,
    )
    .action((id: string, options: Options) => show(terminal, id, options));
}

async function show(terminal: Terminal, id: string, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const action = await fetchAction(client, id, options.digest);
  if (options.manifest) {
    const manifest = action.registration?.manifest;
    const yaml = await writeManifest(manifest);
    printAnswer(terminal, options, manifest, () => yaml);
    return;
  }
  printAnswer(terminal, options, action, (value: WireAction) =>
    describeAction(value, Date.now(), terminal.colours),
  );
}

/** As YAML, or as JSON where only that shows every character safely. */
async function writeManifest(manifest: unknown): Promise<string> {
  const { stringify } = await import("yaml");
  const yaml = stringify(manifest).trimEnd();
  return printable(yaml) === yaml ? yaml : printableJson(manifest, 2);
}
