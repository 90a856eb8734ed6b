import { statSync } from "node:fs";
import { secretNameSchema } from "@holdpoint/protocol/schemas";
import type { SecretSources } from "../gate/secrets/resolve.js";

/** The variables of the gate. Beside them, `HOLDPOINT_SECRET_<NAME>` for each secret of an action. */
export const GATE_VARIABLES = {
  HOLDPOINT_SECRETS_DIR: "folder with a file for each secret that actions take from files",
  HOLDPOINT_ALLOW_PRIVATE_EGRESS:
    "true or false, default false: whether actions may reach private networks",
} as const;

type ReadVariable = (name: keyof typeof GATE_VARIABLES) => string | undefined;
type Environment = Readonly<Record<string, string | undefined>>;

const SECRET_PREFIX = "HOLDPOINT_SECRET_";

/** Whether a variable holds a secret that actions may take from the environment. */
export function isSecretVariable(variable: string): boolean {
  return variable.startsWith(SECRET_PREFIX);
}

/** Where actions get secrets that the control plane does not keep. Every problem in plain words. */
export function readGate(
  read: ReadVariable,
  environment: Environment,
): {
  readonly secrets: SecretSources;
  readonly allowPrivateEgress: boolean;
  readonly problems: readonly (string | undefined)[];
} {
  const directory = read("HOLDPOINT_SECRETS_DIR");
  const allowed = read("HOLDPOINT_ALLOW_PRIVATE_EGRESS");
  const variables = Object.keys(environment).filter(isSecretVariable);
  const named = variables.map((name) => [
    name.slice(SECRET_PREFIX.length),
    environment[name] ?? "",
  ]);
  return {
    secrets: {
      environment: Object.fromEntries(named),
      ...(directory !== undefined && { directory }),
    },
    allowPrivateEgress: allowed === "true",
    problems: [directoryProblem(directory), allowedProblem(allowed), ...variables.map(nameProblem)],
  };
}

function directoryProblem(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return undefined;
  return `HOLDPOINT_SECRETS_DIR (${path}) is not a folder. Name the folder in which the secrets are.`;
}

function allowedProblem(allowed: string | undefined): string | undefined {
  if (allowed === undefined || allowed === "true" || allowed === "false") return undefined;
  return "HOLDPOINT_ALLOW_PRIVATE_EGRESS is neither true nor false. Leave it out, unless this is for development.";
}

function nameProblem(variable: string): string | undefined {
  if (secretNameSchema.safeParse(variable.slice(SECRET_PREFIX.length)).success) return undefined;
  return `${variable} names no secret. Write ${SECRET_PREFIX} and a name in capitals, with _ for spaces.`;
}
