import { ID_PREFIXES, isId } from "./id.js";

/** Begins an agent's API key: `hp_<project>_<secret>`. */
export const API_KEY_PREFIX = "hp_";
/** Begins an operator's token: `hpo_<secret>`. */
export const OPERATOR_TOKEN_PREFIX = "hpo_";
/** Begins a code that enrols an agent once: `hpe_<secret>`. */
export const ENROLMENT_CODE_PREFIX = "hpe_";

/**
 * The project an API key belongs to. The key carries it so that an envelope can be bound to its
 * project before the first call; the server never trusts it and looks the key up instead.
 *
 * @returns The project id (`prj_…`), or `undefined` when `apiKey` is not shaped like a key.
 */
export function projectOfApiKey(apiKey: string): string | undefined {
  const match = /^hp_([0-9a-z]{26})_[A-Za-z0-9_-]{43}$/.exec(apiKey);
  const projectId = match && `${ID_PREFIXES.project}_${match[1]}`;
  return isId("project", projectId) ? projectId : undefined;
}

/** The API key for a project and 32 random bytes written as base64url. */
export function formatApiKey(projectId: string, secret: string): string {
  return `${API_KEY_PREFIX}${projectId.slice(ID_PREFIXES.project.length + 1)}_${secret}`;
}
