import { type } from "arktype";
import * as v from "valibot";
import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod3";
import {
  type Decision,
  type Diff,
  type Execution,
  type Grant,
  type GuardContext,
  Holdpoint,
  type JsonValue,
  type ShieldVerdict,
} from "./index.js";

declare const hp: Holdpoint;
const subject = { service: "billing", action: "refund" } as const;

test("the payload's type flows to what may run", async () => {
  const decision = await hp.ask({ ...subject, payload: { amount: 500, to: "ada" } });
  expectTypeOf(decision).toEqualTypeOf<Decision<{ amount: number; to: string }>>();
  expectTypeOf(decision).not.toBeAny();
  expectTypeOf(decision.payload.amount).toEqualTypeOf<number>();
});

test("only an approval has something to run, and only an edit a diff", async () => {
  const decision = await hp.ask({ ...subject, payload: { amount: 500 } });
  // @ts-expect-error nobody has looked at `approved` yet
  decision.approvedPayload;
  if (!decision.approved) {
    expectTypeOf(decision.status).toEqualTypeOf<"REJECTED" | "EXPIRED" | "CANCELLED">();
    // @ts-expect-error a refusal has nothing to run
    decision.approvedPayload;
    return;
  }
  expectTypeOf(decision.approvedPayload).toEqualTypeOf<{ amount: number }>();
  // @ts-expect-error not every approval carries an edit
  decision.patchedPayload;
  if (decision.status === "APPROVED_WITH_MODIFICATIONS") {
    expectTypeOf(decision.patchedPayload).toEqualTypeOf<{ amount: number }>();
    expectTypeOf(decision.diffSummary).toEqualTypeOf<Diff>();
  }
});

test("a schema gives the type, whichever library made it", async () => {
  type Refund = { currency: "EUR" | "USD"; amount: number };
  const payload: Refund = { currency: "EUR", amount: 5 };
  const zod = z.object({ currency: z.enum(["EUR", "USD"]), amount: z.number() });
  const zod3 = z3.object({ currency: z3.enum(["EUR", "USD"]), amount: z3.number() });
  const valibot = v.object({ currency: v.picklist(["EUR", "USD"]), amount: v.number() });
  const arktype = type({ currency: "'EUR' | 'USD'", amount: "number" });
  expectTypeOf(await hp.ask({ ...subject, payload, schema: zod })).toEqualTypeOf<
    Decision<Refund>
  >();
  expectTypeOf(await hp.ask({ ...subject, payload, schema: zod3 })).toExtend<Decision<Refund>>();
  expectTypeOf(await hp.ask({ ...subject, payload, schema: valibot })).toExtend<Decision<Refund>>();
  expectTypeOf(await hp.ask({ ...subject, payload, schema: arktype })).toExtend<Decision<Refund>>();
  expectTypeOf(await hp.wait("req_x", { schema: zod })).toEqualTypeOf<Decision<Refund>>();
  // @ts-expect-error the payload must fit its schema
  void hp.ask({ ...subject, payload: { currency: "GBP", amount: 5 }, schema: zod });
});

test("a JSON Schema leaves the payload's own type", async () => {
  const schema = { type: "object", properties: { amount: { type: "number" } } };
  const decision = await hp.ask({ ...subject, payload: { amount: 5 }, schema });
  expectTypeOf(decision).toEqualTypeOf<Decision<{ amount: number }>>();
});

test("waiting elsewhere gives JSON, or the type one names", async () => {
  expectTypeOf(await hp.wait("req_x")).toEqualTypeOf<Decision<JsonValue>>();
  expectTypeOf(await hp.wait<{ a: 1 }>("req_x")).toEqualTypeOf<Decision<{ a: 1 }>>();
});

test("options that do not exist do not compile", () => {
  // @ts-expect-error durations carry their unit
  void hp.ask({ ...subject, payload: 1, timeout: 5 });
  // @ts-expect-error no such priority
  void hp.ask({ ...subject, payload: 1, priority: "urgent" });
  // @ts-expect-error a payload is due
  void hp.ask(subject);
  expectTypeOf(hp.tool("a", "b", "high")).returns.resolves.toBeString();
});

test("a guarded function keeps its types", async () => {
  const action = async (args: { order: string }) => ({ charge: args.order });
  const refund = hp.guard({ ...subject, key: (args) => args.order }, action);
  expectTypeOf(refund).parameter(0).toEqualTypeOf<{ order: string }>();
  expectTypeOf(await refund({ order: "A-1" })).toEqualTypeOf<{ charge: string }>();
  const plain = hp.guard(subject, (_args: number, context) => {
    expectTypeOf(context).toEqualTypeOf<GuardContext>();
    return context.idempotencyKey;
  });
  expectTypeOf(await plain(1, { runId: "r", toolCallId: "c" })).toBeString();
  // @ts-expect-error the arguments are those of the function
  void refund({ order: 1 });
  // @ts-expect-error durations carry their unit
  void hp.guard({ ...subject, lease: 5 }, action);
});

test("a schema gives a guarded function its arguments", async () => {
  const schema = z.object({ amount: z.number() });
  const refund = hp.guard({ ...subject, schema, key: "k" }, async (args) => args.amount);
  expectTypeOf(refund).parameter(0).toEqualTypeOf<{ amount: number }>();
  expectTypeOf(await refund({ amount: 1 })).toBeNumber();
  // @ts-expect-error the arguments must fit the schema
  void refund({ amount: "1" });
});

test("an approval can be claimed, a refusal cannot", async () => {
  const decision = await hp.ask({ ...subject, payload: 1 });
  // @ts-expect-error nobody has looked at `approved` yet
  void hp.executions.claim(decision);
  if (!decision.approved) return;
  expectTypeOf(decision.grant).toEqualTypeOf<Grant | undefined>();
  expectTypeOf(await hp.executions.claim(decision)).toEqualTypeOf<Execution>();
});

test("the shield's verdict comes with whatever was decided", async () => {
  const decision = await hp.ask({ ...subject, payload: 1 });
  expectTypeOf(decision.shield).toEqualTypeOf<ShieldVerdict | undefined>();
  const request = await hp.requests.get(decision.id);
  expectTypeOf(request.shield).toEqualTypeOf<ShieldVerdict | undefined>();
  expectTypeOf<ShieldVerdict["oneIn"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<ShieldVerdict["effect"]>().toEqualTypeOf<"none" | "warned" | "held" | "denied">();
});

test("what the shield is told more is asked for by name", () => {
  hp.observe({ ...subject, endsRun: true });
  // @ts-expect-error yes or no
  hp.observe({ ...subject, endsRun: "yes" });
  void (() => new Holdpoint({ shield: { buckets: true, sensitive: true } }));
  // @ts-expect-error no such thing is told
  void (() => new Holdpoint({ shield: { values: true } }));
});
