import type { ActionManifest } from "@holdpoint/protocol/gate";
import { describe, expect, it } from "vitest";
import {
  approvalText,
  costOf,
  reachOf,
  requestLineOf,
  secretText,
  verificationText,
} from "./words.js";

const manifest: ActionManifest = {
  id: "refund",
  version: "1.0.0",
  title: "Refund",
  description: "Gives money back.",
  risk: "high",
  parameters: { type: "object" },
  provider: { type: "http", method: "POST", url: "https://pay.example/v1/{charge}/refunds{?note}" },
  egress: { domains: ["pay.example", "*.bank.example"], ports: [443, 8_443] },
  verification: { type: "status", statuses: [200, 201] },
};

describe("reachOf", () => {
  it("names methods of the provider, hosts, and ports other than that of https", () => {
    expect(reachOf(manifest)).toEqual({
      methods: ["POST"],
      hosts: ["pay.example", "pay.example:8443", "*.bank.example", "*.bank.example:8443"],
      isPrivate: false,
    });
  });

  it("tells of an action that reaches nothing, and of one that reaches private networks", () => {
    expect(reachOf({ ...manifest, egress: "none" })).toBeUndefined();
    const egress = { domains: ["a.example"], methods: ["GET"], allow_private: true } as const;
    expect(reachOf({ ...manifest, egress })).toMatchObject({ methods: ["GET"], isPrivate: true });
  });
});

describe("costOf", () => {
  it("is fixed, or what a parameter says", () => {
    const fixed = { ...manifest, cost: { currency: "EUR", amount_minor: 5 } };
    expect(costOf(fixed, {})).toEqual({ currency: "EUR", amount_minor: 5 });
    const named = { ...manifest, cost: { currency: "EUR", amount_parameter: "/sum/minor" } };
    expect(costOf(named, { sum: { minor: 700 } })).toEqual({ currency: "EUR", amount_minor: 700 });
  });

  it.each([{}, { sum: null }, { sum: { minor: "700" } }, { sum: { minor: 0.5 } }, undefined])(
    "is unknown where %j holds no amount",
    (parameters) => {
      const named = { ...manifest, cost: { currency: "EUR", amount_parameter: "/sum/minor" } };
      expect(costOf(named, parameters)).toBeUndefined();
    },
  );
});

it("fills the parameters into the address, escaped", () => {
  expect(requestLineOf(manifest, { charge: "../x y", note: "a&b" })).toBe(
    "POST https://pay.example/v1/..%2Fx%20y/refunds?note=a%26b",
  );
  expect(requestLineOf(manifest, "text")).toBeUndefined();
});

it("says in words who is asked, what is injected and how one sees the effect", () => {
  expect(approvalText({ ...manifest, approval: "always", role: "finance" })).toBe(
    "A person with the role finance, always",
  );
  expect(secretText({ name: "pay", from: "file", header: "Authorization" })).toBe(
    "pay (from a file), as the header Authorization",
  );
  expect(verificationText(manifest.verification)).toBe("The answer's status is 200 or 201");
});
