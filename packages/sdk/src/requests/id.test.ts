import { TypeID } from "typeid-js";
import { expect, test } from "vitest";
import { createId, formatId } from "./id.js";

test("makes what the TypeID library reads as a UUIDv7 of that time", () => {
  const nowMs = Date.parse("2026-11-22T09:30:00.000Z");
  const id = TypeID.fromString(createId("req", nowMs), "req");
  const uuid = id.toUUID();
  expect(Number.parseInt(uuid.replaceAll("-", "").slice(0, 12), 16)).toBe(nowMs);
  expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("no two are alike, and later ones sort later", () => {
  const ids = Array.from({ length: 10_000 }, () => createId("exe", 1));
  expect(new Set(ids).size).toBe(ids.length);
  expect(createId("exe", 2) > (ids.sort().at(-1) ?? "")).toBe(true);
});

test("16 given bytes become the id of that UUID", () => {
  const uuid = "f47ac10b-58cc-4372-a567-0e02b2c3d479";
  const bytes = Buffer.from(uuid.replaceAll("-", ""), "hex");
  expect(TypeID.fromString(formatId("req", bytes), "req").toUUID()).toBe(uuid);
});
