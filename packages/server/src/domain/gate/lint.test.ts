import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkAction } from "./lint.js";
import { destinationOf, urlVariables } from "./manifest.js";

/** A manifest that nothing is to be said of. */
function manifest(fields: object = {}) {
  return {
    id: "create-thing",
    version: "1.0.0",
    title: "Create a thing",
    description: "Creates a thing.",
    risk: "medium",
    parameters: {
      type: "object",
      properties: {
        id: { type: "string" },
        name: { type: "string" },
        amount: { type: "integer", minimum: 1 },
      },
      required: ["id", "amount"],
      additionalProperties: false,
    },
    provider: PROVIDER,
    egress: { domains: ["api.example.com"] },
    verification: { type: "status", statuses: [201] },
    ...fields,
  };
}

const FILLER = "x".repeat(100_000);

const PROVIDER = {
  type: "http",
  method: "POST",
  url: "https://api.example.com/things/{id}{?name}",
  headers: { "X-Kind": "thing" },
  body: { all: "{*}", name: "{name}", text: "{name} is only text" },
};

const provider = (fields: object) => manifest({ provider: { ...PROVIDER, ...fields } });
const parameters = (fields: object) =>
  manifest({ parameters: { ...manifest().parameters, ...fields } });
const egress = (fields: object) =>
  manifest({ egress: { domains: ["api.example.com"], ...fields } });
const toolOf = (fields: object) =>
  manifest({
    provider: { type: "mcp", url: "https://api.example.com/mcp", tool: "t", ...fields },
    verification: { type: "none", reason: "It only tells." },
  });

describe("a manifest", () => {
  it("that is right is as it would be registered, with its digest", async () => {
    const check = await checkAction(manifest());
    expect(check).toMatchObject({ errors: [], warnings: [] });
    expect(check.action?.manifest).toEqual(manifest());
    expect(check.action?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    const turned = Object.fromEntries(Object.entries(manifest()).toReversed());
    expect((await checkAction(turned)).action?.digest).toBe(check.action?.digest);
  });

  it.each<[string, unknown, string]>([
    ["is no object", 7, ""],
    ["has a field that nobody knows", manifest({ retries: 3 }), "/retries"],
    ["has a version that is none", manifest({ version: "1" }), "/version"],
    ["redacts what is no pointer", manifest({ redact: ["token"] }), "/redact/0"],
    ["takes no object", parameters({ type: "array" }), "/parameters/type"],
    ["takes what no schema describes", parameters({ $ref: "#/nowhere" }), "/parameters"],
    ["gives what no schema describes", manifest({ result: { type: "thing" } }), "/result"],
    ["is too large", { ...parameters({ title: FILLER }), result: { title: FILLER } }, ""],
    ["asks nobody about a high risk", manifest({ risk: "high", approval: "never" }), "/approval"],
    ["sends a body that no service reads", provider({ method: "GET" }), "/provider/body"],
    ["sends a list as a form", provider({ body: [1], body_format: "form" }), "/provider/body"],
    ["sends an object as text", provider({ body: "{*}", body_format: "text" }), "/provider/body"],
    [
      "names an undeclared parameter in its URL",
      provider({ url: "https://api.example.com/{other}" }),
      "/provider/url",
    ],
    [
      "names an undeclared parameter in a header",
      provider({ headers: { "X-A": "{toString}" } }),
      "/provider/headers/X-A",
    ],
    [
      "names an undeclared parameter deep in its body",
      provider({ body: { "a/b": [{ c: "{other}" }] } }),
      "/provider/body/a~1b/0/c",
    ],
    [
      "has no URI Template as its URL",
      provider({ url: "https://api.example.com/{id" }),
      "/provider/url",
    ],
    ["has no whole URL", provider({ url: "/things/{id}" }), "/provider/url"],
    ["goes in clear", provider({ url: "http://api.example.com/" }), "/provider/url"],
    ["goes in clear to any host", provider({ url: "http://{id}.example.com/" }), "/provider/url"],
    [
      "has a password in its URL",
      provider({ url: "https://a:b@api.example.com/" }),
      "/provider/url",
    ],
    ["goes past its egress", provider({ url: "https://evil.example/{id}" }), "/provider/url"],
    [
      "goes to a port past its egress",
      provider({ url: "https://api.example.com:8443/" }),
      "/provider/url",
    ],
    [
      "goes to the parent of its domains",
      egress({ domains: ["*.api.example.com"] }),
      "/provider/url",
    ],
    ["uses a method past its egress", egress({ methods: ["GET"] }), "/egress/methods"],
    ["calls, and reaches nothing", manifest({ egress: "none" }), "/egress"],
    [
      "reaches this machine",
      egress({ domains: ["api.example.com", "127.0.0.1"] }),
      "/egress/domains/1",
    ],
    [
      "reaches metadata",
      egress({ domains: ["api.example.com", "169.254.169.254"] }),
      "/egress/domains/1",
    ],
    [
      "reaches a name without a dot",
      egress({ domains: ["api.example.com", "vault"] }),
      "/egress/domains/1",
    ],
    [
      "reaches a number",
      egress({ domains: ["api.example.com", "2130706433"] }),
      "/egress/domains/1",
    ],
    ["reaches a port without TLS", egress({ ports: [443, 80] }), "/egress/ports/1"],
    [
      "sets a secret's header itself",
      manifest({ secrets: [{ name: "KEY", header: "x-KIND" }] }),
      "/secrets/0/header",
    ],
    [
      "sets a header to two secrets",
      manifest({
        secrets: [
          { name: "A", header: "Authorization" },
          { name: "B", header: "authorization" },
        ],
      }),
      "/secrets/1/header",
    ],
    [
      "puts a secret where a parameter goes",
      manifest({ secrets: [{ name: "KEY", query: "name" }] }),
      "/secrets/0/query",
    ],
    [
      "puts a secret where its URL has a value",
      manifest({
        provider: { ...PROVIDER, url: "https://api.example.com/?key=1" },
        secrets: [{ name: "KEY", query: "key" }],
      }),
      "/secrets/0/query",
    ],
    [
      "sets its idempotency header itself",
      manifest({ idempotency: { header: "X-kind" } }),
      "/idempotency/header",
    ],
    ["costs what is no parameter", costOf("/price"), "/cost/amount_parameter"],
    ["costs what is no amount", costOf("/id"), "/cost/amount_parameter"],
    [
      "costs what may be absent",
      { ...costOf("/amount"), ...parameters({ required: ["id"] }), cost: costOf("/amount").cost },
      "/cost/amount_parameter",
    ],
    [
      "costs what may be less than nothing",
      {
        ...parameters({
          properties: { ...manifest().parameters.properties, amount: { type: "integer" } },
        }),
        cost: costOf("/amount").cost,
      },
      "/cost/amount_parameter",
    ],
    [
      "is verified by a schema it has not",
      manifest({ verification: { type: "result" } }),
      "/result",
    ],
    [
      "is read back from past its egress",
      manifest({ verification: readBack({ url: "https://evil.example/{output.id}" }) }),
      "/verification/url",
    ],
    [
      "is read back by an undeclared parameter",
      manifest({ verification: readBack({ url: "https://api.example.com/{other}" }) }),
      "/verification/url",
    ],
    [
      "expects an undeclared parameter",
      manifest({ verification: readBack({ expect: [{ pointer: "/a", value: "{other}" }] }) }),
      "/verification/expect/0/value",
    ],
    [
      "expects a status of a tool",
      { ...toolOf({}), verification: { type: "status", statuses: [200] } },
      "/verification",
    ],
    [
      "lets parameters choose a tool's server",
      toolOf({ url: "https://api.example.com/{id}" }),
      "/provider/url",
    ],
  ])("that %s is refused, and where is said", async (_name, given, path) => {
    const { errors, action } = await checkAction(given);
    expect(errors.map((issue) => issue.path)).toEqual([path]);
    expect(action).toBeUndefined();
  });

  it.each<[string, unknown, string]>([
    ["takes what nobody has described", parameters({ additionalProperties: true }), "/parameters"],
    ["writes at low risk", manifest({ risk: "low" }), "/risk"],
    [
      "is of high risk and not verified",
      manifest({ risk: "high", verification: { type: "none", reason: "Nobody can look." } }),
      "/verification",
    ],
    [
      "lets parameters choose the host",
      provider({ url: "https://{id}.example.com/{?name}" }),
      "/provider/url",
    ],
    ["lets parameters choose everything", provider({ url: "{+id}" }), "/provider/url"],
    [
      "may lack a part of its path",
      provider({ url: "https://api.example.com/{name}" }),
      "/provider/url",
    ],
    ["reaches private networks", egress({ allow_private: true }), "/egress/allow_private"],
    ["reaches all of a top domain", egress({ domains: ["*.com"] }), "/egress/domains/0"],
    [
      "puts a secret into the query",
      manifest({ secrets: [{ name: "KEY", query: "key" }] }),
      "/secrets/0/query",
    ],
    [
      "takes a refusal for success",
      manifest({ verification: { type: "status", statuses: [201, 404] } }),
      "/verification/statuses/1",
    ],
  ])("that %s may be registered, with a warning", async (_name, given, path) => {
    const { errors, warnings, action } = await checkAction(given);
    expect({ errors, paths: warnings.map((issue) => issue.path) }).toEqual({
      errors: [],
      paths: [path],
    });
    expect(action).toBeDefined();
  });

  it("may have a path that begins with a parameter, and go in clear for development", async () => {
    const here = { domains: ["127.0.0.1"], ports: [8080], allow_private: true };
    const given = { ...provider({ url: "http://127.0.0.1:8080{/id}" }), egress: here };
    expect((await checkAction(given)).errors).toEqual([]);
  });
});

describe("whatever a manifest says", () => {
  const whole = {
    ...manifest(),
    result: { type: "object" },
    cost: { currency: "EUR", amount_parameter: "/amount" },
    secrets: [{ name: "KEY", header: "Authorization", prefix: "Bearer " }],
    idempotency: { header: "Idempotency-Key" },
    verification: readBack({}),
  };
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom("{name}", "{*}", "{__proto__}", "{+toString}", "https://{a", "//", "/a/~2"),
  );
  const value = fc.oneof(text, fc.jsonValue({ maxDepth: 3 }));

  it("it is an answer: errors, or what would be registered", async () => {
    const paths = fc.constantFrom(...pathsOf(whole));
    await fc.assert(
      fc.asyncProperty(paths, value, async (path, bent) => {
        const { errors, action } = await checkAction(replaceAt(whole, path, bent));
        expect(action === undefined).toBe(errors.length > 0);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a URL's template", () => {
  it.each<[string, string]>([
    ["https://a.example", "fixed"],
    ["https://a.example/{b}", "fixed"],
    ["https://a.example{/b}", "fixed"],
    ["https://a.example{?b}", "fixed"],
    ["https://a.example\\{b}", "fixed"],
    ["https://a.example{b}", "chosen"],
    ["https://a.example{+b}", "chosen"],
    ["https://a.example{.b}", "chosen"],
    ["https://a.example:{b}/", "chosen"],
    ["https://a.example@{b}/", "chosen"],
    ["{+b}/https://a.example/", "chosen"],
    ["https://a b/", "nowhere"],
    ["a.example", "nowhere"],
  ])("of %s leads to a host that is %s", (template, kind) => {
    expect(destinationOf(template).kind).toBe(kind);
  });

  it("has variables, some of which its path cannot do without", () => {
    expect(urlVariables("https://a.example/{b}{/c}{?d,e*}{&f:3}/{g}")).toEqual([
      { name: "b", isNeeded: true },
      { name: "c", isNeeded: false },
      { name: "d", isNeeded: false },
      { name: "e", isNeeded: false },
      { name: "f", isNeeded: false },
      { name: "g", isNeeded: false },
    ]);
  });

  it.each(["{", "}", "{}", "{a}}", "{!a}", "{a b}", "{a,}", "{*}"])("is not %s", (text) => {
    expect(urlVariables(text)).toBeUndefined();
  });
});

function readBack(fields: object) {
  return {
    type: "read_back",
    url: "https://api.example.com/things/{output.id}",
    expect: [{ pointer: "/name", value: "{name}" }],
    ...fields,
  };
}

function costOf(amount_parameter: string) {
  return manifest({ cost: { currency: "EUR", amount_parameter } }) as ReturnType<
    typeof manifest
  > & { readonly cost: object };
}

/** The steps to every value inside. */
function pathsOf(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [
    [key],
    ...pathsOf(member).map((path) => [key, ...path]),
  ]);
}

function replaceAt(value: unknown, [step, ...rest]: readonly string[], by: unknown): unknown {
  if (step === undefined) return by;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[step] = replaceAt(copy[step], rest, by);
  return copy;
}
