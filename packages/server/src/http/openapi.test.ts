import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operations } from "../routes/index.js";
import { newRequest, World } from "../routes/testing/world.js";

let world: World;
// biome-ignore lint/suspicious/noExplicitAny: a document to walk through
let document: any;
beforeAll(async () => {
  world = await World.create();
  document = (await world.call("GET", "/openapi.json")).body;
});
afterAll(() => world.controlPlane.close());

describe("the OpenAPI document", () => {
  it("describes every operation that is not about itself", () => {
    const described = Object.values(document.paths as Record<string, object>).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    const listed = operations.filter(({ tag }) => tag !== "Reference").map(({ id }) => id);
    expect(described.sort()).toEqual(listed.sort());
    expect(document).toMatchObject({ openapi: "3.1.0", info: { title: "Holdpoint" } });
  });

  it("has every schema it refers to, and each compiles", () => {
    const text = JSON.stringify(document);
    const names = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
    expect(new Set(names)).toEqual(new Set(Object.keys(document.components.schemas)));
    const ajv = new Ajv2020({
      strict: false,
      formats: { email: true, uri: true, "date-time": true },
    });
    ajv.addSchema(document, "openapi");
    for (const name of names) {
      expect(ajv.getSchema(`openapi#/components/schemas/${name}`), name).toBeTypeOf("function");
    }
    const create = ajv.getSchema("openapi#/components/schemas/CreateRequestBody");
    expect(create?.(newRequest())).toBe(true);
    expect(create?.(newRequest({ action: "" }))).toBe(false);
  });

  it("says who may call what", () => {
    expect(document.paths["/v1/requests/{id}/decision"].post.security).toEqual([
      { operatorToken: [] },
      { session: [] },
    ]);
    expect(document.paths["/v1/requests"].post.security).toEqual([{ apiKey: [] }, { lease: [] }]);
    expect(document.paths["/v1/leases"].post.security).toEqual([{ apiKey: [] }]);
    expect(document.paths["/healthz"].get.security).toEqual([]);
  });
});

it("says where an idempotency key is taken", () => {
  const described = Object.values(document.paths as Record<string, object>).flatMap((path) =>
    Object.values(path),
  );
  const takes = ({ parameters }: { parameters: { name: string }[] }) =>
    parameters.some(({ name }) => name === "Idempotency-Key");
  const ids = described.filter(takes).map(({ operationId }) => operationId);
  const taking = operations.filter(({ idempotent }) => idempotent === true).map(({ id }) => id);
  expect(ids).toContain("createRequest");
  expect(ids.sort()).toEqual(taking.sort());
});

describe("the reference page", () => {
  it("loads nothing from elsewhere", async () => {
    const page = await world.call("GET", "/docs/api");
    expect(page.body).not.toMatch(/https?:\/\//);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    const script = await world.call("GET", "/docs/api/redoc.js");
    expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(script.body.length).toBeGreaterThan(500_000);
    expect(script.body).not.toContain("cdn.redoc.ly");
  });
});
