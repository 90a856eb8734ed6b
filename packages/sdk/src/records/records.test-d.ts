import type { JsonValue } from "@holdpoint/protocol";
import { expectTypeOf, test } from "vitest";
import type { Holdpoint } from "../holdpoint.js";

declare const hp: Holdpoint;

test("values are JSON, or what the caller says they are", () => {
  expectTypeOf(hp.records.get("k")).resolves.toEqualTypeOf<JsonValue | undefined>();
  expectTypeOf(hp.records.get<{ step: number }>("k")).resolves.toEqualTypeOf<
    { step: number } | undefined
  >();
  const page = hp.records.list<{ step: number }>({ prefix: "k" });
  expectTypeOf(page).resolves.toHaveProperty("nextCursor").toEqualTypeOf<string | null>();
});

test("a deletion names a key or a prefix", () => {
  void hp.records.delete({ key: "k" });
  void hp.records.delete({ prefix: "k" });
  // @ts-expect-error neither
  void hp.records.delete({});
  // @ts-expect-error both
  void hp.records.delete({ key: "k", prefix: "k" });
});

test("observing gives nothing to wait for", () => {
  expectTypeOf(hp.observe({ service: "s", action: "a" })).toEqualTypeOf<void>();
  // @ts-expect-error an action is due
  hp.observe({ service: "s" });
});
