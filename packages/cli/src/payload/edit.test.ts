import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../fixtures/holdpoint.js";
import { testTerminal } from "../fixtures/terminal.js";
import { assign, editPayload } from "./edit.js";

const payload = Object.freeze({
  sql: "DROP TABLE users;",
  limits: Object.freeze([Object.freeze({ amount: 500 })]),
});

describe("assign", () => {
  it.each([
    ["sql=SELECT 1;", { ...payload, sql: "SELECT 1;" }],
    ["sql=a=b", { ...payload, sql: "a=b" }],
    ["limits.0.amount=50", { ...payload, limits: [{ amount: 50 }] }],
    ["/limits/0/amount=50", { ...payload, limits: [{ amount: 50 }] }],
    ["/limits/1=null", { ...payload, limits: [{ amount: 500 }, null] }],
    ['dryRun={"a":true}', { ...payload, dryRun: { a: true } }],
    ['sql="50"', { ...payload, sql: "50" }],
    ["/a~1b~0c=1", { ...payload, "a/b~c": 1 }],
  ])("%s", (assignment, expected) => {
    expect(assign(payload, assignment)).toEqual(expected);
  });

  it("makes own properties, whatever they are called", () => {
    const edited = assign({ a: 1 }, "__proto__=1") as object;
    expect(Object.keys(edited)).toEqual(["a", "__proto__"]);
    expect(Object.getPrototypeOf(edited)).toBe(Object.prototype);
    expect(() => assign({}, "__proto__.polluted=1")).toThrow(/lead through objects/);
  });

  it.each(["sql", "=1", "sql.deep=1", "limits.5=1", "limits.-1=1", "missing.deep=1"])(
    "refuses %s",
    (assignment) => {
      expect(() => assign(payload, assignment)).toThrow(
        expect.objectContaining({ reason: "usage" }),
      );
    },
  );
});

describe("editPayload", () => {
  it("answers nothing when no edit is asked for", async () => {
    const terminal = testTerminal({ directory: "/" });
    expect(await editPayload(payload, {}, terminal)).toBeUndefined();
  });

  it("reads a patch from its argument, a file and standard input, then sets values", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "edited.json"), '{"sql":"SELECT 1;"}');
    const terminal = testTerminal({ directory: folder.path });
    terminal.input.end('{"sql":"SELECT 2;"}');
    const edit = (patch: string) => editPayload(payload, { patch, set: ["limit=1"] }, terminal);
    expect(await edit("edited.json")).toEqual({ sql: "SELECT 1;", limit: 1 });
    expect(await edit("-")).toEqual({ sql: "SELECT 2;", limit: 1 });
    expect(await edit('{"sql":"SELECT 3;"}')).toEqual({ sql: "SELECT 3;", limit: 1 });
  });

  it.each(["missing.json", "{broken"])("refuses the patch %s", async (patch) => {
    const terminal = testTerminal({ directory: "/nowhere" });
    await expect(editPayload(payload, { patch }, terminal)).rejects.toMatchObject({
      reason: "usage",
    });
  });
});
