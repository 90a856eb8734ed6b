import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import ts from "typescript";

/** Where a rule holds: files under `folder`, but not those under `except`. */
interface Place {
  readonly folder: string;
  readonly except?: readonly string[];
}

/** What a place may not touch, and why. Patterns are matched against whole import specifiers. */
interface Rule extends Place {
  readonly forbids: {
    readonly imports?: readonly RegExp[];
    /** Global names, as written: `process.env`, `Date.now`. */
    readonly globals?: readonly string[];
    /** Folders of the same package, seen from its `src`. */
    readonly folders?: readonly string[];
  };
  readonly because: string;
}

/** The floors: which packages of the workspace each may import. Arrows point down only. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "packages/protocol": [],
  "packages/test-postgres": [],
  "packages/sdk": ["@holdpoint/protocol"],
  "packages/server": ["@holdpoint/protocol"],
  "packages/testing": ["@holdpoint/protocol", "@holdpoint/sdk", "@holdpoint/server"],
  "packages/langchain": ["@holdpoint/sdk"],
  "packages/ai-sdk": ["@holdpoint/sdk"],
  "packages/openai-agents": ["@holdpoint/sdk"],
  "packages/claude-agent": ["@holdpoint/sdk"],
  "packages/mcp": ["@holdpoint/sdk"],
  "packages/crewai": ["@holdpoint/sdk"],
  "packages/adapter-conformance": [
    "@holdpoint/protocol",
    "@holdpoint/sdk",
    "@holdpoint/server",
    "@holdpoint/testing",
  ],
  "packages/dashboard": ["@holdpoint/protocol"],
  "packages/cli": ["@holdpoint/protocol", "@holdpoint/server"],
  "examples/drop-table": ["@holdpoint/sdk"],
  "examples/durable-resume": ["@holdpoint/sdk"],
  "examples/claude-agent": ["@holdpoint/claude-agent"],
  "examples/openai-agents": ["@holdpoint/openai-agents"],
  "examples/langchain": ["@holdpoint/langchain"],
  "examples/ai-sdk": ["@holdpoint/ai-sdk", "@holdpoint/sdk"],
  "examples/crewai": ["@holdpoint/crewai"],
  "examples/mcp-gateway": ["@holdpoint/mcp"],
  "examples/spend-guard": ["@holdpoint/sdk"],
  "examples/x402": ["@holdpoint/sdk"],
  "examples/gate": ["@holdpoint/sdk"],
};

const NODE = [/^node:/];
const SQL = [/^kysely($|\/)/, /^node:sqlite$/, /^@photostructure\/sqlite$/, /^pg($|\/)/];
const CLOCK_AND_CHANCE = [
  ...["Date.now", "performance.now", "Math.random", "setTimeout", "setInterval"],
  ...["crypto.getRandomValues", "crypto.randomUUID"],
];

/** What holds inside the packages. */
export const RULES: readonly Rule[] = [
  {
    folder: "packages/protocol/src",
    forbids: { imports: NODE, globals: [...CLOCK_AND_CHANCE, "process", "fetch"] },
    because: "the protocol does no I/O, reads no clock, draws no randomness and runs everywhere",
  },
  {
    folder: "packages/protocol/src",
    except: ["packages/protocol/src/schemas"],
    forbids: { imports: [/^zod($|\/)/], folders: ["schemas"] },
    because: "zod stays out of what the SDK's root entry reaches",
  },
  {
    folder: "packages/sdk/src",
    forbids: { imports: [...NODE, /^zod($|\/)/, /^@holdpoint\/protocol\/schemas$/] },
    because: "the SDK runs in browsers and at the edge, and stays small",
  },
  {
    folder: "packages/dashboard/src",
    forbids: { imports: NODE, globals: ["process"] },
    because: "the dashboard runs in a browser",
  },
  {
    folder: "packages/server/src",
    except: ["packages/server/src/config"],
    forbids: { globals: ["process.env"] },
    because: "only config/ reads the environment",
  },
  {
    folder: "packages/server/src",
    except: ["packages/server/src/store"],
    forbids: { imports: SQL },
    because: "SQL lives in store/",
  },
  {
    folder: "packages/server/src/domain",
    except: ["packages/server/src/domain/clock.ts"],
    forbids: {
      imports: [/^hono($|\/)/, /^@hono\//, /^better-auth($|\/)/],
      globals: CLOCK_AND_CHANCE,
      folders: ["http", "routes", "store", "pipeline", "events", "workers", "auth", "config"],
    },
    because: "the domain is pure rules: values in, values out, the clock passed in",
  },
  {
    folder: "packages/server/src/store",
    forbids: { folders: ["http", "routes", "pipeline", "workers", "auth", "config"] },
    because: "the store knows only the domain",
  },
];

/** One thing that points the wrong way. */
export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Checks every source file below `root` against {@link PACKAGES} and {@link RULES}. Tests may reach anywhere. */
export function checkLayers(root: string): readonly Violation[] {
  return Object.entries(PACKAGES).flatMap(([folder, allowed]) =>
    listSources(join(root, folder)).flatMap((path) => {
      const file = relative(root, path).split(sep).join("/");
      const source = ts.createSourceFile(
        file,
        readFileSync(path, "utf8"),
        ts.ScriptTarget.Latest,
        true,
      );
      const uses = findUses(source);
      const violations = [
        ...checkPackage(uses.imports, folder, allowed),
        ...RULES.filter((rule) => isIn(file, rule)).flatMap((rule) => checkRule(file, uses, rule)),
      ];
      return violations.map(({ node, message }) => ({ file, line: lineOf(source, node), message }));
    }),
  );
}

interface Finding {
  readonly node: ts.Node;
  readonly message: string;
}

interface Uses {
  readonly imports: readonly { readonly node: ts.Node; readonly specifier: string }[];
  readonly names: readonly { readonly node: ts.Node; readonly name: string }[];
}

function checkPackage(
  imports: Uses["imports"],
  folder: string,
  allowed: readonly string[],
): readonly Finding[] {
  return imports
    .filter(({ specifier }) => /^(@holdpoint\/|holdpoint($|\/))/.test(specifier))
    .filter(({ specifier }) => !allowed.includes(specifier.split("/").slice(0, 2).join("/")))
    .map(({ node, specifier }) => ({
      node,
      message: `${folder} may not import ${specifier}. It may import ${allowed.join(", ") || "no other package of ours"}.`,
    }));
}

function checkRule(file: string, uses: Uses, { forbids, because }: Rule): readonly Finding[] {
  const { imports = [], globals = [], folders = [] } = forbids;
  const badImports = uses.imports.filter(
    ({ specifier }) =>
      imports.some((pattern) => pattern.test(specifier)) ||
      folders.includes(folderOf(file, specifier) ?? ""),
  );
  const badNames = uses.names.filter(({ name }) => globals.includes(name));
  return [
    ...badImports.map(({ node, specifier }) => ({
      node,
      message: `imports ${specifier}, but ${because}.`,
    })),
    ...badNames.map(({ node, name }) => ({ node, message: `uses ${name}, but ${because}.` })),
  ];
}

/** The first folder below `src` that a relative import leads to. */
function folderOf(file: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const path = new URL(specifier, `file:///${file}`).pathname;
  return /\/src\/([^/]+)\//.exec(path)?.[1];
}

function findUses(source: ts.SourceFile): Uses {
  const imports: { node: ts.Node; specifier: string }[] = [];
  const names: { node: ts.Node; name: string }[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier) imports.push({ node, specifier: specifier.text });
    const name = globalName(node);
    if (name !== undefined) names.push({ node, name });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { imports, names };
}

function specifierOf(node: ts.Node): ts.StringLiteral | undefined {
  const candidate =
    ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
      ? node.moduleSpecifier
      : ts.isCallExpression(node) && isLoader(node.expression)
        ? node.arguments[0]
        : undefined;
  return candidate && ts.isStringLiteral(candidate) ? candidate : undefined;
}

function isLoader(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(callee) && callee.text === "require")
  );
}

/** `process.env` as such, and a bare name where it is a value rather than a property or a type. */
function globalName(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const target = node.expression.getText();
    return `${target.replace(/^globalThis\??\./, "")}.${node.name.text}`;
  }
  if (!ts.isIdentifier(node)) return undefined;
  const { parent } = node;
  const called = ts.isCallExpression(parent) && parent.expression === node;
  const owner = ts.isPropertyAccessExpression(parent) && parent.expression === node;
  return called || owner ? node.text : undefined;
}

function isIn(file: string, { folder, except = [] }: Place): boolean {
  return isBelow(file, folder) && !except.some((place) => isBelow(file, place));
}

function isBelow(file: string, place: string): boolean {
  return file === place || file.startsWith(`${place}/`);
}

function listSources(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && !/\.(test|test-d|config|setup)\.tsx?$/.test(path))
    .filter((path) => !path.split(sep).some((part) => ["node_modules", "dist"].includes(part)))
    .filter((path) => !TEST_SUPPORT.test(path.split(sep).join("/")))
    .map((path) => join(folder, path));
}

/** What only tests import; it is never shipped. */
const TEST_SUPPORT = /^src\/(.*\/)?(fixtures|testing|test-kit)\/|\.program\.ts$/;

function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
}
