import type { ActionManifest } from "@holdpoint/protocol/gate";
import {
  isFault,
  parseDocumentText,
  type ReadDocument,
  readFileText,
} from "../../documents/read.js";
import { CommandFailure } from "../../failure.js";
import { listProblems, type Problem } from "../../output/problems.js";
import { printableLine } from "../../output/text.js";
import type { Colours, Terminal } from "../../terminal.js";

/** A manifest's file as `actions check --json` prints it. */
export interface CheckedFile {
  readonly file: string;
  readonly valid: boolean;
  readonly problems: readonly Problem[];
  /** Where it is valid. */
  readonly action?: { readonly id: string; readonly version: string; readonly digest: string };
}

/** The same, with the manifest as it would be registered. */
export interface CheckedManifest extends CheckedFile {
  readonly manifest?: ActionManifest;
}

/** Reads a manifest's file and checks it as the control plane would. */
export async function checkFile(terminal: Terminal, file: string): Promise<CheckedManifest> {
  const read = parseDocumentText(file, await readFileText(terminal, file));
  if (!isFault(read)) return checkDocument(read);
  const { line, column, message } = read;
  const problem: Problem = { severity: "error", message, line, column };
  return { file, valid: false, problems: [problem] };
}

export async function checkDocument(read: ReadDocument): Promise<CheckedManifest> {
  const { checkAction } = await import("@holdpoint/server");
  const { errors, warnings, action } = await checkAction(read.value);
  const problemsOf = (severity: Problem["severity"], issues: typeof errors): readonly Problem[] =>
    issues.map(({ path, message }) => ({
      severity,
      message: path === "" ? message : `${path}: ${message}`,
      ...read.placeOf(path),
    }));
  const problems = [...problemsOf("error", errors), ...problemsOf("warning", warnings)];
  if (action === undefined) return { file: read.path, valid: false, problems };
  const { id, version } = action.manifest;
  return {
    file: read.path,
    valid: true,
    problems,
    action: { id, version, digest: action.digest },
    manifest: action.manifest,
  };
}

/** What is to be said of each file. */
export function describeChecked(files: readonly CheckedFile[], colours: Colours): string {
  return files.map((file) => describeFile(file, colours)).join("\n");
}

function describeFile({ file, problems, action }: CheckedFile, colours: Colours): string {
  const lines = problems.length > 0 ? [listProblems(file, problems, colours)] : [];
  if (action !== undefined) {
    const { id, version, digest } = action;
    lines.push(`${colours.green("✓")} ${printableLine(file)}  ${id} ${version}\n  ${digest}`);
  }
  return lines.join("\n");
}

/** @throws {CommandFailure} where a file has an error. */
export function requireValid(files: readonly CheckedFile[], done: string): void {
  const broken = files.filter(({ valid }) => !valid).length;
  if (broken === 0) return;
  throw new CommandFailure({
    reason: "failed",
    code: "ACTION_INVALID",
    message: `${broken} of ${files.length} ${files.length === 1 ? "manifest has" : "manifests have"} errors.${done}`,
    next: "correct them; the form: https://github.com/holdpoint/holdpoint/blob/main/docs/reference/actions.md",
  });
}
