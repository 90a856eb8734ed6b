import { ConfigurationError } from "../errors/configuration.js";
import type { AgentWorkspace } from "./options.js";

const FORMS = {
  url: /^https?:\/\//,
  projectId: /^prj_[0-7][0-9a-z]{25}$/,
  agentId: /^agt_[0-7][0-9a-z]{25}$/,
};
/** 32 bytes as base64url. */
const COORDINATE = /^[A-Za-z0-9_-]{43}$/;
const COORDINATES = ["x", "y", "d"];

/** @throws {ConfigurationError} `CONFIGURATION_INVALID`: what was given is no key of an agent. */
export function readWorkspace(given: unknown): AgentWorkspace {
  const workspace = Object(typeof given === "string" ? parse(given) : given);
  const key = Object(workspace.privateKey);
  const isKey =
    Object.entries(FORMS).every(([name, form]) => form.test(workspace[name])) &&
    key.kty === "EC" &&
    key.crv === "P-256" &&
    COORDINATES.every((name) => COORDINATE.test(key[name]));
  if (isKey) return workspace;
  // Nothing of it is repeated: it is a secret.
  throw new ConfigurationError({
    code: "CONFIGURATION_INVALID",
    message:
      "Expected agentKey (HOLDPOINT_AGENT_KEY) as createAgentWorkspace returned it, or its JSON, got something else. Enrol the agent again with a new code of `npx holdpoint agents enrol`.",
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
