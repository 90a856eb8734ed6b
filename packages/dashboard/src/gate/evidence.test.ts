import { expect, it } from "vitest";
import { readGatePart } from "./evidence.js";

const part = { action_version: "1.0.0", action_digest: "sha256:00", session_id: "gss_1" };

function jwsOf(content: unknown): string {
  const payload = Buffer.from(JSON.stringify(content)).toString("base64url");
  return `eyJhbGciOiJFZERTQSJ9.${payload}.c2ln`;
}

it("reads what a receipt says of a call, whatever else stands in it", () => {
  const content = { action: "größe→öäü", gate: part };
  expect(readGatePart({ jws: jwsOf(content) })).toEqual(part);
  expect(readGatePart({ jws: jwsOf({ action: "refund" }) })).toBeUndefined();
});
