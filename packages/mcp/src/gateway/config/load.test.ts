// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the file has them
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig } from "./load.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdpoint-gateway-config-"));
});

afterAll(() => rm(folder, { recursive: true }));

async function load(config: unknown, env: Record<string, string> = {}) {
  const file = join(folder, "gateway.json");
  await writeFile(file, typeof config === "string" ? config : JSON.stringify(config));
  return loadConfig(file, env);
}

const one = (server: object) => ({ servers: { files: server } });

test("puts variables in place, and folders beside the file", async () => {
  const { servers } = await load(
    {
      $schema: "./gateway.schema.json",
      servers: {
        files: {
          command: "${BIN}/server",
          args: ["--root", "${HOME}/notes"],
          env: { TOKEN: "x-${TOKEN}" },
          cwd: "sub",
          tools: { "*": "ask" },
        },
        remote: { url: "${BASE}/mcp", headers: { authorization: "Bearer ${TOKEN}" } },
      },
    },
    { BIN: "/bin", HOME: "/home/ada", TOKEN: "t0", BASE: "https://example.com" },
  );
  expect(servers).toEqual({
    files: {
      command: "/bin/server",
      args: ["--root", "/home/ada/notes"],
      env: { TOKEN: "x-t0" },
      cwd: join(folder, "sub"),
      tools: { "*": "ask" },
    },
    remote: { url: "https://example.com/mcp", headers: { authorization: "Bearer t0" } },
  });
});

test.each<[unknown, string]>([
  ['{\n  "servers": {,\n}', "line 2: expected JSON"],
  [{}, "servers: "],
  [{ servers: {} }, "servers: at least one server"],
  [{ servers: { "a b": { command: "x" } } }, "servers.a b: "],
  [{ servers: { holdpoint: { command: "x" } } }, "servers.holdpoint: "],
  [one({ command: "x", tools: { "read_*": "alow" } }), "servers.files.tools.read_*: "],
  [one({ command: "x", extra: 1 }), 'servers.files: Unrecognized key: "extra"'],
  [one({ command: 7 }), "servers.files.command: "],
  [one({ url: "x", command: "y" }), 'servers.files: Unrecognized key: "command"'],
  [one({ url: "ftp://example.com" }), "servers.files.url: expected http"],
  [one({ command: "x", timeout_ms: 5 }), "servers.files.timeout_ms: "],
  [one({ command: "x", prefix: "a b" }), "servers.files.prefix: "],
  [
    one({ command: "x", args: ["a", "${NO_SUCH}"] }),
    "servers.files.args.1: expected the environment variable NO_SUCH",
  ],
  [
    one({ command: "x", env: { A: "${HOLDPOINT_API_KEY}" } }),
    "servers.files.env.A: expected a variable",
  ],
  [
    one({ command: "x", env: { HOLDPOINT_API_KEY: "hp_s3cret" } }),
    "servers.files.env.HOLDPOINT_API_KEY: ",
  ],
  [
    one({ url: "https://${HOLDPOINT_API_KEY}.example.com" }),
    "servers.files.url: expected a variable",
  ],
])("names the place in %j", async (config, place) => {
  const env = { HOLDPOINT_API_KEY: "hp_s3cret" };
  const failure = await load(config, env).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: "ConfigurationError", code: "CONFIGURATION_INVALID" });
  const { message } = failure as Error;
  expect(message).toContain(join(folder, "gateway.json"));
  expect(message).toContain(place);
  expect(message).not.toContain("s3cret");
});

test("names every place at once, and a file that is not there", async () => {
  await expect(load({ servers: { a: { command: 1 }, b: { url: 2 } } })).rejects.toThrow(
    /servers\.a\.command: [\s\S]*servers\.b\.url: /,
  );
  await expect(loadConfig(join(folder, "none.json"), {})).rejects.toMatchObject({
    code: "CONFIGURATION_INVALID",
  });
});
