import type { JsonSchema, PayloadSchema } from "@holdpoint/sdk";
import { createTestControlPlane } from "@holdpoint/testing";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod3";

const schemas: readonly [string, PayloadSchema][] = [
  ["zod 4", z.object({ to: z.enum(["ops", "all"]), amount: z.number().int().min(1).max(100) })],
  ["zod 3", z3.object({ to: z3.enum(["ops", "all"]), amount: z3.number().int().min(1).max(100) })],
  [
    "valibot",
    toStandardJsonSchema(
      v.object({
        to: v.picklist(["ops", "all"]),
        amount: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
      }),
    ),
  ],
  ["arktype", type({ to: "'ops' | 'all'", amount: "1 <= number.integer <= 100" })],
  [
    "JSON Schema",
    {
      type: "object",
      properties: {
        to: { enum: ["ops", "all"] },
        amount: { type: "integer", minimum: 1, maximum: 100 },
      },
      required: ["to", "amount"],
    },
  ],
];

describe.each(schemas)("[S-SCHEMAS] a schema of %s", (_name, given) => {
  // The overloads take a schema of a library or a JSON Schema, not "either".
  const schema = given as JsonSchema;
  const ask = { service: "mailer", action: "send", payload: { to: "ops", amount: 10 }, schema };

  test("reaches the operator with its fields, and binds the edit", async () => {
    await using holdpoint = await createTestControlPlane();
    const hp = holdpoint.client();
    const { id } = await hp.defer(ask);
    const request = await holdpoint.request(id);
    expect(Object.keys(request.schema?.properties ?? {}).sort()).toEqual(["amount", "to"]);

    const refused = holdpoint.approve(id, { patch: { to: "ops", amount: 101 } });
    await expect(refused).rejects.toMatchObject({ code: "PATCH_INVALID" });
    await holdpoint.approve(id, { patch: { to: "all", amount: 100 } });
    expect(await hp.wait(id, { schema })).toMatchObject({
      approvedPayload: { to: "all", amount: 100 },
    });
  });

  test("refuses a payload that breaks it before anything is sent", async () => {
    await using holdpoint = await createTestControlPlane();
    const broken = holdpoint.client().defer({ ...ask, payload: { to: "nobody", amount: 10 } });
    await expect(broken).rejects.toMatchObject({ name: "ValidationError" });
    expect(await holdpoint.pending()).toEqual([]);
  });
});

test("a schema that cannot be converted is refused, never an empty form", async () => {
  await using holdpoint = await createTestControlPlane();
  const unsupported = holdpoint.client().defer({
    service: "a",
    action: "b",
    payload: {},
    schema: z.object({ run: z.date() }),
  } as never);
  await expect(unsupported).rejects.toMatchObject({ name: "ValidationError" });
  expect(await holdpoint.pending()).toEqual([]);
});
