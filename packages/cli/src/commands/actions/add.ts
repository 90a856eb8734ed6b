import { readFile } from "node:fs/promises";
import type { JsonValue } from "@holdpoint/protocol";
import type { ActionManifest } from "@holdpoint/protocol/gate";
import { Command } from "commander";
import type { ConnectionOptions } from "../../api/connection.js";
import { listShippedActions, shippedActionPath } from "../../data/actions.js";
import { isFault, parseDocumentText, type ReadDocument } from "../../documents/read.js";
import { CommandFailure } from "../../failure.js";
import { describeEgress, describeRegistered } from "../../output/action.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { columns } from "../../output/columns.js";
import { printableLine } from "../../output/text.js";
import { assign } from "../../payload/edit.js";
import type { Terminal } from "../../terminal.js";
import { collect, withConnection, withJson } from "../options.js";
import { registerAll } from "./apply.js";
import { checkDocument, describeChecked, requireValid } from "./manifest.js";

interface Options extends ConnectionOptions, AnswerOptions {
  readonly set?: readonly string[];
  readonly print?: boolean;
}

export function addCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("add")))
    .description("Register one of the actions that come along, or list them. Admins only.")
    .argument("[name]", "the one to register")
    .option(
      "--set <path=value>",
      "change one value of the manifest; domain=<host> sets where it may go; may be given several times",
      collect,
    )
    .option("--print", "print the manifest, with its comments, to edit and apply")
    .addHelpText(
      "after",
      `
A path is a JSON Pointer (/egress/domains/0) or keys with dots (egress.domains.0).

Examples:
  holdpoint actions add
  holdpoint actions add http-get --set domain=api.example.com
  holdpoint actions add github-issue --print > github-issue.yaml`,
    )
    .action((name: string | undefined, options: Options) =>
      name === undefined ? list(terminal, options) : add(terminal, name, options),
    );
}

async function list(terminal: Terminal, options: Options): Promise<void> {
  const actions = await Promise.all(
    (await listShippedActions()).map(async (id) => {
      const { title, risk } = (await readShipped(id)).value as { title: string; risk: string };
      return { id, title, risk };
    }),
  );
  printAnswer(terminal, options, { actions }, () =>
    columns([
      ["NAME", "RISK", "WHAT IT DOES"].map(terminal.colours.dim),
      ...actions.map(({ id, title, risk }) => [id, risk, title]),
    ]),
  );
}

async function add(terminal: Terminal, name: string, options: Options): Promise<void> {
  await requireShipped(name);
  if (options.print) {
    terminal.print((await readFile(shippedActionPath(name), "utf8")).trimEnd());
    return;
  }
  const checked = await checkDocument(change(await readShipped(name), options.set));
  if (!checked.valid) terminal.note(describeChecked([checked], terminal.colours));
  requireValid([checked], " Nothing was registered.");
  const actions = await registerAll(terminal, [checked], options);
  printAnswer(terminal, options, { actions }, (value) =>
    [
      describeRegistered(value.actions, terminal.colours),
      ...(checked.manifest ? remainingSteps(checked.manifest) : []),
    ].join("\n"),
  );
}

/** What it takes until an agent can have it run. */
function remainingSteps({ egress, secrets = [] }: ActionManifest): readonly string[] {
  const steps = secrets
    .filter(({ from = "store" }) => from === "store")
    .map(({ name }) => `Its secret:   holdpoint secrets set ${name}`);
  return [
    `It reaches:   ${describeEgress(egress)}   (another host: --set domain=<host>)`,
    ...steps,
    "Who may:      holdpoint policy templates   (without a policy nothing is run)",
  ];
}

async function requireShipped(name: string): Promise<void> {
  const names = await listShippedActions();
  if (names.includes(name)) return;
  throw new CommandFailure({
    reason: "notFound",
    message: `No action that comes along is called ${printableLine(name, 60)}. There is: ${names.join(", ")}.`,
    next: "holdpoint actions add   (lists them), or holdpoint actions apply <file> for your own",
  });
}

async function readShipped(name: string): Promise<ReadDocument> {
  const path = shippedActionPath(name);
  const read = parseDocumentText(`${name}.yaml`, await readFile(path, "utf8"));
  if (isFault(read)) throw new TypeError(`Expected YAML in ${path}: ${read.message}`);
  return read;
}

function change(read: ReadDocument, assignments: readonly string[] = []): ReadDocument {
  const value = assignments.reduce<JsonValue>((manifest, each) => {
    const domain = /^domain=(.+)$/.exec(each)?.[1];
    return domain === undefined ? assign(manifest, each) : moveTo(manifest, domain);
  }, read.value as JsonValue);
  return { ...read, value };
}

/** Another host in the place of the one that stands there, in the URL too where that names it. */
function moveTo(manifest: JsonValue, domain: string): JsonValue {
  const { egress, provider } = manifest as unknown as ActionManifest;
  const moved = assign(manifest, `egress.domains.0=${JSON.stringify(domain)}`);
  const host = egress === "none" ? undefined : egress.domains[0];
  if (provider.type === "wasm" || !provider.url.startsWith(`https://${host}/`)) return moved;
  const url = provider.url.replace(`https://${host}/`, () => `https://${domain}/`);
  return assign(moved, `provider.url=${JSON.stringify(url)}`);
}
