import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { toJsonSchema } from "./schema.js";

test("the JSON Schema for editors is the one that is checked against", async () => {
  // After a change: npx tsx --conditions=@holdpoint/source src/bin.ts gateway --print-schema
  const file = new URL("gateway.schema.json", import.meta.url);
  expect(JSON.parse(await readFile(file, "utf8"))).toEqual(toJsonSchema());
});
