import { LIMITS, type ValidationIssue } from "@holdpoint/protocol";
import type { ActionManifest } from "@holdpoint/protocol/gate";
import type { Context } from "../../../context.js";
import { operatorActor } from "../../../domain/actor.js";
import type { MemberCaller } from "../../../domain/caller.js";
import type { Action } from "../../../domain/gate/action.js";
import { checkAction } from "../../../domain/gate/lint.js";
import { problemOfIssues } from "../../../domain/issues.js";
import type { Mint } from "../../../domain/mint.js";
import { ProblemError } from "../../../domain/problem.js";

/**
 * Puts a version of an action in use. The manifest that is in use already stays as it is.
 *
 * @throws {ProblemError} `ACTION_INVALID` with each fault; `RESOURCE_CONFLICT` for a version that was
 *   registered before, and when the project has too many actions.
 */
export async function registerAction(
  context: Context,
  caller: MemberCaller,
  given: { readonly id: string; readonly manifest: unknown },
  mint: Mint,
): Promise<{ readonly action: Action; readonly isNew: boolean }> {
  const { projectId } = caller;
  const { manifest, digest } = await assertUsable(context, projectId, given);
  const result = await context.store.actions.register({
    projectId,
    id: manifest.id,
    version: manifest.version,
    digest,
    manifest,
    registeredAt: mint.now,
    registeredBy: operatorActor(caller.operator),
    eventId: mint.id("evt"),
  });
  if (!("action" in result)) {
    throw result.outcome === "version_taken" ? versionTaken(manifest.version) : tooManyActions();
  }
  return { action: result.action, isNew: result.outcome === "registered" };
}

async function assertUsable(
  context: Context,
  projectId: string,
  { id, manifest }: { readonly id: string; readonly manifest: unknown },
): Promise<{ readonly manifest: ActionManifest; readonly digest: string }> {
  const { action, errors } = await checkAction(manifest);
  if (action === undefined) throw actionInvalid(errors);
  const issues = await listIssues(context, projectId, id, action.manifest);
  if (issues.length > 0) throw actionInvalid(issues);
  return action;
}

/** What is wrong with a manifest here, and nowhere else. */
async function listIssues(
  { store, allowPrivateEgress }: Context,
  projectId: string,
  id: string,
  { id: ownId, egress, provider }: ActionManifest,
): Promise<readonly ValidationIssue[]> {
  const issues: ValidationIssue[] = [];
  if (ownId !== id) {
    issues.push({ path: "/id", message: `Expected the id of the path, ${id}, got ${ownId}.` });
  }
  if (egress !== "none" && egress.allow_private === true && !allowPrivateEgress) {
    const message = "Expected false: this control plane lets nothing reach private networks.";
    issues.push({ path: "/egress/allow_private", message });
  }
  if (provider.type === "wasm") {
    const module = await store.wasmModules.find(projectId, provider.module);
    const message = "Expected the digest of a module of this project. POST /v1/wasm-modules first.";
    if (module === undefined) issues.push({ path: "/provider/module", message });
  }
  return issues;
}

function actionInvalid(issues: readonly ValidationIssue[]): ProblemError {
  return problemOfIssues("ACTION_INVALID", issues, "The manifest");
}

function versionTaken(version: string): ProblemError {
  return new ProblemError({
    code: "RESOURCE_CONFLICT",
    detail: `Expected another version than ${version}, which was registered before and never changes. Give the manifest the next one.`,
  });
}

function tooManyActions(): ProblemError {
  return new ProblemError({
    code: "RESOURCE_CONFLICT",
    detail: `Expected at most ${LIMITS.actions} actions in use. Withdraw some that nobody calls.`,
  });
}
