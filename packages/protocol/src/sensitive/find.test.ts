import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../json.js";
import { SENSITIVE_KINDS, type SensitiveKind } from "../wire.js";
import { findSensitive } from "./find.js";

const CARD = "4111111111111111";
const IBAN = "DE89370400440532013000";
const TOKEN = `ghp_${"a1B2".repeat(9)}`;
/** Of every kind one. */
const SAMPLES: Readonly<Record<SensitiveKind, string>> = {
  card_number: CARD,
  iban: IBAN,
  email: "jane.doe@example.com",
  private_key: "-----BEGIN PRIVATE KEY-----\nMIIEvQ",
  access_token: TOKEN,
};

describe("where it looks", () => {
  test.each(Object.entries(SAMPLES))("finds %s and nothing else", (kind, text) => {
    expect(findSensitive(text)).toEqual([kind]);
    expect(findSensitive({ note: `please use ${text}, thanks` })).toEqual([kind]);
    expect(findSensitive([1, { a: [{ b: text }] }])).toEqual([kind]);
    expect(findSensitive({ [text]: true })).toEqual([kind]);
  });

  test("says each kind once, in the order of the list", () => {
    const all = Object.values(SAMPLES).reverse();
    expect(findSensitive([...all, ...all])).toEqual(SENSITIVE_KINDS);
    expect(findSensitive(all.join(" "))).toEqual(SENSITIVE_KINDS);
  });

  test("finds a card that was sent as a number", () => {
    expect(findSensitive({ card: Number(CARD) })).toEqual(["card_number"]);
    expect(findSensitive({ rate: 0.4111111111111111 })).toEqual([]);
  });

  test.each<JsonValue>([null, true, 0, "", [], {}, "a@b", { __proto__: null }])(
    "finds nothing in %j",
    (value) => expect(findSensitive(value)).toEqual([]),
  );
});

describe("cards", () => {
  test.each([
    "4111-1111-1111-1111",
    "4111 1111 1111 1111 12/25",
    "4111 1111 1111 1111 123",
    "378282246310005",
    "3782 822463 10005",
    "5555555555554444",
    "2223003122003222",
    "30569309025904",
    "3056 930902 5904",
    "6011111111111117",
    "3530111333300000",
    "6200000000000005",
    "6759649826438453",
    "2200 0000 0000 0004",
    "4000000000000000006",
    "Card:4111111111111111.",
    "(5555-5555-5555-4444)",
  ])("is one: %s", (text) => expect(findSensitive(text)).toEqual(["card_number"]));

  test.each([
    ["a wrong check digit", "4111111111111112"],
    ["no network of that beginning", "1234567812345670"],
    ["another length", "41111111111111"],
    ["part of a longer number", `1${CARD}0000`],
    ["part of a name", `order_${CARD}`],
    ["decimals", `0.${CARD}`],
    ["an order number", "2024-0001-1234-5678"],
    ["a row of years", "2018 2019 2020 2021 2022 2023 2024"],
    ["a row of numbers", `1000 4111 1111 1111 1111`],
    ["mixed separators", "4111-1111 1111-1111"],
    ["a UUID", "41111111-1111-4111-8111-111111111111"],
    ["a time in milliseconds", "1700000000000"],
    ["a time in nanoseconds", "1700000000000000000"],
    ["a snowflake", "1212092628029698048"],
    ["a hash", "4111111111111111a94a8fe5ccb19ba61c4c0873d391e987982fbbd3"],
  ])("is none: %s", (_name, text) => expect(findSensitive(text)).toEqual([]));
});

describe("IBANs", () => {
  test.each([
    "GB82 WEST 1234 5698 7654 32",
    "NO93 8601 1117 947",
    "MT84MALT011000012345MTLCAST001S",
    "FR14 2004 1010 0505 0001 3M02 606 please",
    "IBAN:CH9300762011623852957.",
    "LC55 HEMM 0001 0001 0012 0012 0002 3015",
  ])("is one: %s", (text) => expect(findSensitive(text)).toEqual(["iban"]));

  test.each([
    ["wrong check digits", "DE88370400440532013000"],
    ["another length", "DE8937040044053201300"],
    ["longer than the country's", `${IBAN}1`],
    ["part of a word", `x${IBAN}`],
    ["no such country", "ZZ82WEST12345698765432"],
    ["two spaces", "GB82  WEST 1234 5698 7654 32"],
  ])("is none: %s", (_name, text) => expect(findSensitive(text)).toEqual([]));
});

describe("e-mail addresses", () => {
  test.each([
    "a@b.co",
    "<first.last+tag@sub.example.co.uk>",
    "mailto:o'neil@example.org?subject=x",
    "müller@example.de",
    "x_1@xn--bcher-kva.example",
    "write to me@example.com.",
    "first@example.com,second@example.com",
  ])("is one: %s", (text) => expect(findSensitive(text)).toEqual(["email"]));

  test.each([
    "git@github.com:holdpoint/holdpoint.git",
    "https://user@example.com/",
    "icon@2x.png",
    "@holdpoint/sdk",
    "left-pad@1.3.0",
    "meet @ example.com",
    "@example.com",
    "a@b",
    "a@.com",
    "a@b..com",
    "a.@b.com",
    "user@localhost",
  ])("is none: %s", (text) => expect(findSensitive(text)).toEqual([]));
});

describe("secrets", () => {
  test.each(["RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED "])("is a private key: %s", (name) => {
    const text = `key: -----BEGIN ${name}PRIVATE KEY-----\\nMIIEvQ`;
    expect(findSensitive(text)).toEqual(["private_key"]);
  });

  test("is a private key: OpenPGP's", () => {
    expect(findSensitive("-----BEGIN PGP PRIVATE KEY BLOCK-----")).toEqual(["private_key"]);
  });

  test.each([
    "-----BEGIN PUBLIC KEY-----",
    "-----BEGIN CERTIFICATE-----",
    "the private key of the house",
  ])("is no private key: %s", (text) => expect(findSensitive(text)).toEqual([]));

  const word = "Ab1".repeat(30);
  test.each([
    ["Holdpoint, of an agent", `hp_${"0".repeat(26)}_${word.slice(0, 43)}`],
    ["Holdpoint, of an operator", `hpo_${word.slice(0, 43)}`],
    ["GitHub", `ghs_${word.slice(0, 36)}`],
    ["GitHub, fine-grained", `github_pat_${word.slice(0, 22)}_${word.slice(0, 59)}`],
    ["GitLab", `glpat-${word.slice(0, 20)}`],
    ["OpenAI", `sk-${word.slice(0, 48)}`],
    ["OpenAI, of a project", `sk-proj-${word.slice(0, 20)}-_${word.slice(0, 20)}`],
    ["Anthropic", `sk-ant-api03-${word}`],
    ["Stripe", `sk_live_${word.slice(0, 24)}`],
    ["Standard Webhooks", `whsec_${word.slice(0, 32)}`],
    ["Slack", "xoxb-123456789012-123456789012-AbC"],
    ["Amazon", "AKIAIOSFODNN7EXAMPLE"],
    ["Google", `AIza${word.slice(0, 35)}`],
    ["npm", `npm_${word.slice(0, 36)}`],
    ["a JSON Web Token", `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${word.slice(0, 43)}`],
  ])("is an access token: %s", (_name, token) => {
    expect(findSensitive({ header: `Bearer ${token}` })).toEqual(["access_token"]);
    expect(findSensitive(`https://example.com/?key=${token}&x=1`)).toEqual(["access_token"]);
  });

  test.each([
    ["a class name", "sk-loading-spinner-container-wide"],
    ["a table", "npm_package_config_registry_settings"],
    ["a word", "mask-abcdefghijklmnopqrstuvwxyz"],
    ["half a token", "ghp_abc"],
    ["a request's id", "req_01jzqk3v7me4ys3m8h5r2w9c6d"],
    ["a digest", "sha256:9c4fbd73f337190f423bea3a882c6f95798486cfd060dc2ab6274b57581ca8dd"],
    ["an integrity", `sha512-${"Ab1/".repeat(21)}==`],
    ["a UUID", "550e8400-e29b-41d4-a716-446655440000"],
    ["base64 of JSON", "eyJhbGciOiJIUzI1NiJ9"],
    ["a name in capitals", "AKIAXX"],
  ])("is none: %s", (_name, text) => expect(findSensitive(text)).toEqual([]));
});

describe("hostile input", () => {
  const LENGTH = 262_144;
  const unit = fc.constantFrom(
    ...["1", "4111 ", "4111-1111-1111-1111-", "0.", ".", "@", "a@", "a.", "a@b.", "a@a-", "-"],
    ...["DE89", "DE89 ", "A1 ", "eyJ", "eyJaaaaaaaaaa.", "sk-", "hp_", "SG.", "_", "xoxb-", "ghp_"],
    ...["-----BEGIN ", "-----BEGIN A B ", "AAAAAAAAAA ", "AKIA", "whsec_", " ", "\ud800"],
  );

  test("takes time in proportion, whatever is repeated over 256 KiB", () => {
    const units = fc.array(unit, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(units, (parts) => {
        const text = parts.join("").repeat(LENGTH).slice(0, LENGTH);
        const startedAt = performance.now();
        findSensitive(text);
        // What is quadratic takes minutes; what is linear some milliseconds.
        expect(performance.now() - startedAt).toBeLessThan(2_000);
      }),
      { numRuns: 200 },
    );
  });

  test("goes as deep as a value is nested", () => {
    let value: JsonValue = CARD;
    for (let depth = 0; depth < 100_000; depth++) value = depth % 2 ? [value] : { a: value };
    expect(findSensitive(value)).toEqual(["card_number"]);
  });

  test("takes any JSON, and writes into none", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const before = JSON.stringify(value);
        for (const kind of findSensitive(value as JsonValue))
          expect(SENSITIVE_KINDS).toContain(kind);
        expect(JSON.stringify(value)).toBe(before);
      }),
    );
  });
});

const YEARS = { min: new Date("1990"), max: new Date("2090"), noInvalidDate: true } as const;

test("no time, order number, id or hash is taken for something else", () => {
  const hex = fc.string({
    unit: fc.constantFrom(..."0123456789abcdef"),
    minLength: 32,
    maxLength: 64,
  });
  const order = fc.integer({ min: 1, max: 99_999_999 }).map((number) => `ORD-2026-${number}`);
  const time = fc.date(YEARS).map((date) => [date.toISOString(), date.getTime()]);
  fc.assert(
    fc.property(fc.oneof(hex, order, time, fc.uuid()), (value) => {
      // A hash that is all digits, with the beginning and the check digit of a card, may be.
      fc.pre(!/^\d+$/.test(String(value)));
      expect(findSensitive(value as JsonValue)).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});
