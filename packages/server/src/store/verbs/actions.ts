import type { WireActor } from "@holdpoint/protocol";
import type { Action } from "../../domain/gate/action.js";

/** The registry of what the gate can run. */
export interface ActionStore {
  /**
   * Registers a version, with its receipt. `same`: this digest is the one in use already; it stays as
   * it is. `version_taken`: another manifest has this id and version, or this one had it and was
   * replaced or withdrawn. `too_many`: the project has as many actions as it may.
   */
  register(
    action: Omit<Action, "withdrawnAt">,
  ): Promise<
    | { readonly outcome: "registered" | "same"; readonly action: Action }
    | { readonly outcome: "version_taken" | "too_many" }
  >;
  /** The versions in use, by id; none that is withdrawn. */
  list(projectId: string): Promise<readonly Action[]>;
  /** The version in use; with a digest that version, also a withdrawn one. */
  find(projectId: string, actionId: string, digest?: string): Promise<Action | undefined>;
  /** The newest versions of one, newest first, `limit` at most. */
  listVersions(projectId: string, actionId: string, limit: number): Promise<readonly Action[]>;
  /** What was made of each action that was ever called, or of one, by id. */
  listUses(projectId: string, actionId?: string): Promise<ReadonlyMap<string, ActionUse>>;
  /** Takes all versions of it out of use, with a receipt. `undefined`: there is none in use. */
  withdraw(
    projectId: string,
    actionId: string,
    change: { readonly eventId: string; readonly at: number; readonly actor: WireActor },
  ): Promise<Action | undefined>;
}

/** What was made of an action, over all its versions. */
export interface ActionUse {
  /** Calls that were run. */
  readonly calls: number;
  readonly lastCalledAt?: number;
}

/** Secrets of a project, sealed. */
export interface SecretStore {
  /** `too_many`: the project has as many as it may. */
  set(secret: Secret & { readonly value: string }): Promise<Secret | "too_many">;
  list(projectId: string): Promise<readonly Secret[]>;
  /** The value, for the one who puts it into a call. */
  open(projectId: string, name: string): Promise<string | undefined>;
  remove(projectId: string, name: string): Promise<boolean>;
}

export interface Secret {
  readonly projectId: string;
  readonly name: string;
  readonly updatedAt: number;
  readonly updatedBy: WireActor;
}

/** WebAssembly modules, by the digest of their bytes. */
export interface WasmModuleStore {
  /** `too_many`: the project has as many as it may. */
  put(module: WasmModule & { readonly bytes: Uint8Array }): Promise<WasmModule | "too_many">;
  find(projectId: string, digest: string): Promise<Uint8Array | undefined>;
}

export interface WasmModule {
  readonly projectId: string;
  readonly digest: string;
  readonly createdAt: number;
}
