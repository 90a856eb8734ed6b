import { TypeID } from "typeid-js";
import { expect, test } from "vitest";
import { createRequestId } from "./id.js";

test("makes what the TypeID library reads as a UUIDv7 of that time", () => {
  const nowMs = Date.parse("2026-11-22T09:30:00.000Z");
  const id = TypeID.fromString(createRequestId(nowMs), "req");
  const uuid = id.toUUID();
  expect(Number.parseInt(uuid.replaceAll("-", "").slice(0, 12), 16)).toBe(nowMs);
  expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("no two are alike, and later ones sort later", () => {
  const ids = Array.from({ length: 10_000 }, () => createRequestId(1));
  expect(new Set(ids).size).toBe(ids.length);
  expect(createRequestId(2) > (ids.sort().at(-1) ?? "")).toBe(true);
});
