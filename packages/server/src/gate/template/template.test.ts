import type { JsonObject, JsonValue } from "@holdpoint/protocol";
import { describe, expect, it } from "vitest";
import { codeOfFault } from "../testing/runner.js";
import { fillBody } from "./body.js";
import { fillHeaders } from "./headers.js";
import { expandUrl } from "./url.js";
import { fillValue } from "./value.js";

const BASE = "https://api.example.com";
const url = (template: string, parameters: JsonObject) =>
  expandUrl(`${BASE}${template}`, { parameters }).href.slice(BASE.length);

describe("[P-GATE-EGRESS] a URL", () => {
  it.each<[string, JsonObject, string]>([
    ["/a/{id}", { id: "x y/z?#" }, "/a/x%20y%2Fz%3F%23"],
    ["/a/{id}", { id: 7 }, "/a/7"],
    ["/a{/id}", {}, "/a"],
    ["/a{?q,page}", { q: "ü&=" }, "/a?q=%C3%BC%26%3D"],
    ["/a{?tags*}", { tags: ["x", "y"] }, "/a?tags=x&tags=y"],
    ["/a{?q}", {}, "/a"],
    ["/a?q={q}", {}, "/a?q="],
    ["/a?path={q}", { q: "../../b" }, "/a?path=..%2F..%2Fb"],
    ["/{+path}", { path: "b/c" }, "/b/c"],
    ["/a/{name}", { name: "v1.2..3" }, "/a/v1.2..3"],
  ])("%s with %j is %s", (template, parameters, expected) => {
    expect(url(template, parameters)).toBe(expected);
  });

  it.each<[string, JsonObject]>([
    ["/a/{id}/b", { id: ".." }],
    ["/a/{id}/b", { id: "." }],
    ["/a/{id}/b", { id: "x/../../y" }],
    ["/a/{id}/b", { id: "..\\y" }],
    ["/a/{id}/b", { id: "%2e%2e" }],
    ["/a/{id}/b", { id: "..;x" }],
    ["/{+path}", { path: "../admin" }],
    ["/{+path}", { path: "%2e%2E/admin" }],
    ["/{+path}", { path: "%252e%252e/admin" }],
    ["/a{/steps*}", { steps: ["b", ".."] }],
  ])("of %s is not led elsewhere by %j", (template, parameters) => {
    expect(codeOfFault(() => url(template, parameters))).toBe("egress_refused");
  });

  it.each<[string, JsonObject]>([
    ["/users/{id}", {}],
    ["/users/{id}", { id: "" }],
    ["/users/{id}", { id: null }],
    ["/users/{id}", { id: [] }],
    ["/users{/id}", { id: "" }],
    ["/users/{constructor}", {}],
    ["/users/{__proto__}", {}],
  ])("of %s does not name all where %j names none", (template, parameters) => {
    expect(codeOfFault(() => url(template, parameters))).toBe("egress_refused");
  });

  it.each<JsonValue>([{ a: { b: 1 } }, [[1]], [null], "\ud800"])("takes no %j", (id) => {
    expect(codeOfFault(() => url("/a/{?id}", { id }))).toBe("egress_refused");
  });

  it("takes what a call has brought back, step by step", () => {
    const scope = { parameters: { id: "x" }, output: { body: { id: 7 } } };
    expect(expandUrl(`${BASE}/{id}/{output.body.id}`, scope).pathname).toBe("/x/7");
    expect(codeOfFault(() => expandUrl(`${BASE}/{output.body.constructor}`, scope))).toBe(
      "egress_refused",
    );
  });

  it("is looked over at once, however often it is encoded", () => {
    const id = `%${"25".repeat(100_000)}2e`;
    expect(codeOfFault(() => url("/a/{id}", { id }))).toBeUndefined();
  });
});

describe("a value", () => {
  it("keeps the type of each parameter, and looks into no other text", () => {
    const template = {
      n: "{n}",
      list: ["{n}", "{gone}"],
      text: "about {n}",
      gone: "{gone}",
      fixed: null,
    };
    expect(fillValue(template, { parameters: { n: 5 } })).toEqual({
      n: 5,
      list: [5],
      text: "about {n}",
      fixed: null,
    });
  });

  it("does not look into what a parameter says", () => {
    const parameters = { a: "{b}", b: "secret" };
    expect(fillValue({ a: "{a}" }, { parameters })).toEqual({ a: "{b}" });
  });

  it("is all parameters for {*}, and absent for what only every object has", () => {
    const parameters = JSON.parse('{"__proto__":{"x":1},"a":1}') as JsonObject;
    expect(JSON.stringify(fillValue("{*}", { parameters }))).toBe('{"__proto__":{"x":1},"a":1}');
    expect(fillValue("{toString}", { parameters: {} })).toBeUndefined();
  });
});

describe("a body", () => {
  const write = (fields: Parameters<typeof fillBody>[0], parameters: JsonObject) =>
    fillBody(fields, { parameters })?.bytes.toString();

  it("is a form, nested as receivers read it", () => {
    const body = {
      amount: "{amount}",
      metadata: "{metadata}",
      expand: ["a b", "c"],
      gone: "{gone}",
    };
    const parameters = { amount: 100, metadata: { order: "7&x=1", none: null } };
    expect(write({ body, body_format: "form" }, parameters)).toBe(
      "amount=100&metadata%5Border%5D=7%26x%3D1&expand%5B0%5D=a+b&expand%5B1%5D=c",
    );
  });

  it("is a form whose names no parameter turns into structure", () => {
    const parameters = { metadata: { "a][b": 1 } };
    const fill = () => write({ body: { metadata: "{metadata}" }, body_format: "form" }, parameters);
    expect(codeOfFault(fill)).toBe("egress_refused");
  });

  it("is text where the parameter is, and nothing else", () => {
    const text = { body: "{text}", body_format: "text" } as const;
    expect(write(text, { text: "héllo" })).toBe("héllo");
    expect(codeOfFault(() => write(text, { text: { a: 1 } }))).toBe("egress_refused");
  });

  it("is none where its parameter is absent", () => {
    expect(write({ body: "{text}" }, {})).toBeUndefined();
  });
});

describe("a header", () => {
  it("is left out where its parameter is absent", () => {
    const headers = { "X-A": "{a}", "X-B": "b" };
    expect(fillHeaders(headers, { parameters: {} })).toEqual({ "x-b": "b" });
  });

  it.each<JsonValue>(["a\r\nx: y", "a\n", "\u0000", "☃", { a: 1 }, ["a"], null])(
    "does not take %j",
    (a) => {
      expect(codeOfFault(() => fillHeaders({ "x-a": "{a}" }, { parameters: { a } }))).toBe(
        "egress_refused",
      );
    },
  );
});
