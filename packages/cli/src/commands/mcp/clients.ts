import { posix, win32 } from "node:path";

export const CLIENT_NAMES = ["claude-desktop", "cursor", "vscode", "claude-code"] as const;
export type ClientName = (typeof CLIENT_NAMES)[number];

export const SCOPES = ["user", "project"] as const;
export type Scope = (typeof SCOPES)[number];

/** What decides where a client keeps its configuration. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** The project: the working directory. */
  readonly directory: string;
}

/**
 * How a file gives our server its key: in the file itself, by the client's reference to an
 * environment variable, or by asking the user, whose answer the client keeps in its own store.
 */
export type KeySource =
  | { readonly kind: "stored" }
  | { readonly kind: "environment"; readonly reference: string }
  | { readonly kind: "prompt"; readonly reference: string; readonly input: PromptInput };

/** VS Code's description of a value it asks for. */
export interface PromptInput {
  readonly type: "promptString";
  readonly id: string;
  readonly description: string;
  readonly password: true;
}

export interface Place {
  readonly path: (machine: Machine) => string;
  readonly key: KeySource;
}

export interface Client {
  readonly title: string;
  /** The object of the file that lists servers. */
  readonly section: "mcpServers" | "servers";
  /** The client reads comments and trailing commas; the others take a file with them for broken. */
  readonly comments: boolean;
  /** The client wants `type: "stdio"` in an entry. */
  readonly typed: boolean;
  readonly places: Readonly<Partial<Record<Scope, Place>>>;
}

const STORED: KeySource = { kind: "stored" };

const PROMPT: KeySource = {
  kind: "prompt",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code replaces it
  reference: "${input:holdpoint-api-key}",
  input: {
    type: "promptString",
    id: "holdpoint-api-key",
    description: "Holdpoint API key (hp_…)",
    password: true,
  },
};

/**
 * The clients we know. A project's file is often committed, so the key stays out of it.
 *
 * @see https://modelcontextprotocol.io/docs/develop/connect-local-servers (Claude Desktop)
 * @see https://docs.cursor.com/context/model-context-protocol
 * @see https://code.visualstudio.com/docs/copilot/reference/mcp-configuration
 * @see https://code.claude.com/docs/en/mcp
 */
export const CLIENTS: Readonly<Record<ClientName, Client>> = {
  "claude-desktop": {
    title: "Claude Desktop",
    section: "mcpServers",
    comments: false,
    typed: false,
    places: {
      user: { path: (machine) => inApplicationData(machine, "Claude", DESKTOP_FILE), key: STORED },
    },
  },
  cursor: {
    title: "Cursor",
    section: "mcpServers",
    comments: true,
    typed: true,
    places: {
      user: { path: (machine) => inHome(machine, ".cursor", "mcp.json"), key: STORED },
      project: {
        path: (machine) => inProject(machine, ".cursor", "mcp.json"),
        // biome-ignore lint/suspicious/noTemplateCurlyInString: Cursor replaces it
        key: { kind: "environment", reference: "${env:HOLDPOINT_API_KEY}" },
      },
    },
  },
  vscode: {
    title: "VS Code",
    section: "servers",
    comments: true,
    typed: true,
    places: {
      user: {
        path: (machine) => inApplicationData(machine, "Code", "User", "mcp.json"),
        key: PROMPT,
      },
      project: { path: (machine) => inProject(machine, ".vscode", "mcp.json"), key: PROMPT },
    },
  },
  "claude-code": {
    title: "Claude Code",
    section: "mcpServers",
    comments: false,
    typed: true,
    places: {
      user: { path: inClaudeDirectory, key: STORED },
      project: {
        path: (machine) => inProject(machine, ".mcp.json"),
        // biome-ignore lint/suspicious/noTemplateCurlyInString: Claude Code replaces it
        key: { kind: "environment", reference: "${HOLDPOINT_API_KEY}" },
      },
    },
  },
};

const DESKTOP_FILE = "claude_desktop_config.json";

function inHome(machine: Machine, ...parts: readonly string[]): string {
  return joinFor(machine)(machine.home, ...parts);
}

function inProject(machine: Machine, ...parts: readonly string[]): string {
  return joinFor(machine)(machine.directory, ...parts);
}

/** The user's folder for the settings of applications. */
function inApplicationData(machine: Machine, ...parts: readonly string[]): string {
  const { env, platform } = machine;
  if (platform === "darwin") return inHome(machine, "Library", "Application Support", ...parts);
  const folder = platform === "win32" ? env.APPDATA : env.XDG_CONFIG_HOME;
  if (folder) return joinFor(machine)(folder, ...parts);
  return platform === "win32"
    ? inHome(machine, "AppData", "Roaming", ...parts)
    : inHome(machine, ".config", ...parts);
}

function inClaudeDirectory(machine: Machine): string {
  const directory = machine.env.CLAUDE_CONFIG_DIR || machine.home;
  return joinFor(machine)(directory, ".claude.json");
}

function joinFor({ platform }: Machine): (...parts: string[]) => string {
  return platform === "win32" ? win32.join : posix.join;
}
