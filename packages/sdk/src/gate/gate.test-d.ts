import { expectTypeOf, test } from "vitest";
import type {
  GateApproval,
  GateResult,
  Holdpoint,
  JsonValue,
  VerifiedReceipt,
  VerifiedRequestReceipt,
} from "../index.js";

declare const hp: Holdpoint;
declare const receipt: VerifiedReceipt;

test("a result is a success, with an output of the caller's type", async () => {
  const plain = await hp.gate.execute("github-issue", { title: "Bug" });
  expectTypeOf(plain).toEqualTypeOf<GateResult<JsonValue>>();
  expectTypeOf(plain.outcome).toEqualTypeOf<"success">();
  interface Issue {
    readonly title: string;
  }
  const given: Issue = { title: "Bug" };
  const { output } = await hp.gate.execute<{ number: number }>("github-issue", given);
  expectTypeOf(output).toEqualTypeOf<{ number: number } | undefined>();
  // @ts-expect-error parameters are an object
  void hp.gate.execute("github-issue", "Bug");
  expectTypeOf(await hp.gate.approval("req_x")).toEqualTypeOf<GateApproval>();
});

test("a receipt is of a request or of a project, and its members tell which", () => {
  expectTypeOf(receipt).not.toBeAny();
  expectTypeOf(receipt.requestId).toEqualTypeOf<string | undefined>();
  if (receipt.requestId !== undefined) {
    expectTypeOf(receipt).toEqualTypeOf<VerifiedRequestReceipt>();
    expectTypeOf(receipt.subject).toEqualTypeOf<undefined>();
  } else {
    expectTypeOf(receipt.subject.id).toEqualTypeOf<string>();
  }
  if (receipt.type === "policy.changed") {
    expectTypeOf(receipt.subject.id).toEqualTypeOf<string>();
  }
});
