import { afterEach, describe, expect, test, vi } from "vitest";
import { ConfigurationError } from "./errors/configuration.js";
import { EncryptionError } from "./errors/encryption.js";
import { Holdpoint } from "./holdpoint.js";
import { type HoldpointOptions, resolveOptions } from "./options.js";
import { API_KEY, KEY, OTHER_KEY, PROJECT_ID } from "./test-kit/fixtures.js";

afterEach(() => vi.unstubAllEnvs());

describe("resolveOptions", () => {
  test("fills in every default", () => {
    expect(resolveOptions({ apiKey: API_KEY })).toMatchObject({
      apiKey: API_KEY,
      projectId: PROJECT_ID,
      baseUrl: "http://localhost:4747",
      encryptionKeys: [],
      agent: undefined,
      environment: undefined,
      maxRetries: 3,
      timeoutMs: 30_000,
      signal: undefined,
      shield: { buckets: false, sensitive: false },
    });
    expect(resolveOptions({ apiKey: API_KEY, shield: { buckets: true } })).toMatchObject({
      shield: { buckets: true, sensitive: false },
    });
  });

  test("reads the environment, over which options win", () => {
    vi.stubEnv("HOLDPOINT_API_KEY", API_KEY);
    vi.stubEnv("HOLDPOINT_URL", "https://holdpoint.test/base/");
    vi.stubEnv("HOLDPOINT_ENCRYPTION_KEY", `${KEY},${OTHER_KEY}`);
    vi.stubEnv("HOLDPOINT_ENVIRONMENT", "staging");
    expect(resolveOptions()).toMatchObject({
      apiKey: API_KEY,
      baseUrl: "https://holdpoint.test/base",
      encryptionKeys: [KEY, OTHER_KEY],
      environment: "staging",
    });
    const own = { baseUrl: "http://own.test", encryptionKey: OTHER_KEY, environment: "own" };
    expect(resolveOptions(own)).toMatchObject({
      baseUrl: "http://own.test",
      encryptionKeys: [OTHER_KEY],
      environment: "own",
    });
  });

  test("writes into nothing the caller passed", () => {
    const encryptionKey = Object.freeze([KEY, OTHER_KEY]);
    const options: HoldpointOptions = Object.freeze({ apiKey: API_KEY, encryptionKey });
    expect(() => new Holdpoint(options)).not.toThrow();
  });

  test.each<[string, object]>([
    ["no API key", { apiKey: undefined }],
    ["an operator's token", { apiKey: `hpo_${"s".repeat(43)}` }],
    ["a cut API key", { apiKey: API_KEY.slice(0, -1) }],
    ["a number as API key", { apiKey: 7 }],
    ["a URL without scheme", { baseUrl: "localhost:4747" }],
    ["another scheme", { baseUrl: "ftp://holdpoint.test" }],
    ["credentials in the URL", { baseUrl: "https://user:hunter2@holdpoint.test" }],
    ["a query in the URL", { baseUrl: "https://holdpoint.test/?token=hunter2" }],
    ["negative retries", { maxRetries: -1 }],
    ["retries beyond the bound", { maxRetries: 11 }],
    ["half a retry", { maxRetries: 0.5 }],
    ["no time for a call", { timeoutMs: 0 }],
    ["a text as time", { timeoutMs: "30s" }],
    ["an endless agent name", { agent: "a".repeat(101) }],
    ["an empty environment", { environment: "" }],
    ["a fetch that is no function", { fetch: {} }],
  ])("refuses %s and repeats no secret", (_name, wrong) => {
    const make = () => resolveOptions({ apiKey: API_KEY, ...wrong } as HoldpointOptions);
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(expect.objectContaining({ code: "CONFIGURATION_INVALID" }));
    expect(make).not.toThrow(/hunter2|ssss/);
  });

  test.each<[string, unknown]>([
    ["an empty text, as from a secret that did not arrive", ""],
    ["an empty list", []],
    ["a short key", KEY.slice(1)],
    ["a key with a last character of six bits", `${KEY.slice(0, -1)}B`],
    ["a second key that is broken", [KEY, "broken"]],
    ["bytes", new Uint8Array(32)],
    ["null", null],
  ])("refuses %s as encryption key: it must not mean plaintext", (_name, encryptionKey) => {
    const make = () => resolveOptions({ apiKey: API_KEY, encryptionKey } as HoldpointOptions);
    expect(make).toThrow(EncryptionError);
    expect(make).toThrow(expect.objectContaining({ code: "ENCRYPTION_KEY_INVALID" }));
  });

  test("a printed client shows neither API key nor encryption key", async () => {
    const { inspect } = await import("node:util");
    const client = new Holdpoint({ apiKey: API_KEY, encryptionKey: KEY });
    const shown = `${inspect(client, { depth: 9, showHidden: true })}${JSON.stringify(client)}`;
    expect(shown).not.toContain("ssss");
    expect(shown).not.toContain(KEY);
  });
});
