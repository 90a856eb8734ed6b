import type { LookupAddress } from "node:dns";
import { describe, expect, it } from "vitest";
import {
  AddressRefusedError,
  createGuardedLookup,
  isPublicAddress,
  type Resolve,
  webhookUrlProblem,
} from "./address.js";

const PRODUCTION = { allowLoopback: false };
const DEVELOPMENT = { allowLoopback: true };

describe("[P-SSRF] a webhook's URL", () => {
  it.each([
    "https://example.com/holdpoint",
    "https://example.com:8443/a?b=c",
    "https://EXAMPLE.com./",
    "https://8.8.8.8/",
    "https://[2606:4700::1111]/",
    "https://internal.example.com/",
    "https://xn--mnchen-3ya.de/",
  ])("may be %s", (url) => {
    expect(webhookUrlProblem(url, PRODUCTION)).toBeUndefined();
  });

  it.each([
    ["nonsense", /whole URL/],
    ["/holdpoint", /whole URL/],
    ["http://example.com/", /https/],
    ["ftp://example.com/", /https/],
    ["file:///etc/passwd", /https/],
    ["gopher://example.com/", /https/],
    ["https://ada:secret@example.com/", /user name/],
    ["https://ada@example.com/", /user name/],
    ["https://localhost/", /public/],
    ["https://localhost./", /public/],
    ["https://LOCALHOST/", /public/],
    ["https://api.localhost/", /public/],
    ["https://metadata/", /public/],
    ["https://metadata.google.internal/", /public/],
    ["https://printer.local/", /public/],
    ["https://router.lan/", /public/],
    ["https://nas.home.arpa/", /public/],
    ["https://127.0.0.1/", /public/],
    ["https://127.1/", /public/],
    ["https://2130706433/", /public/],
    ["https://0x7f000001/", /public/],
    ["https://0x7f.1/", /public/],
    ["https://0177.0.0.1/", /public/],
    ["https://１２７.０.０.１/", /public/],
    ["https://0/", /public/],
    ["https://0.0.0.0/", /public/],
    ["https://10.0.0.1/", /public/],
    ["https://172.16.0.1/", /public/],
    ["https://172.31.255.255/", /public/],
    ["https://192.168.1.1/", /public/],
    ["https://169.254.169.254/latest/meta-data", /public/],
    ["https://100.64.0.1/", /public/],
    ["https://100.100.100.200/", /public/],
    ["https://168.63.129.16/", /public/],
    ["https://192.0.0.192/", /public/],
    ["https://198.18.0.1/", /public/],
    ["https://203.0.113.1/", /public/],
    ["https://224.0.0.1/", /public/],
    ["https://240.0.0.1/", /public/],
    ["https://255.255.255.255/", /public/],
    ["https://[::]/", /public/],
    ["https://[::1]/", /public/],
    ["https://[::127.0.0.1]/", /public/],
    ["https://[::ffff:127.0.0.1]/", /public/],
    ["https://[::ffff:8.8.8.8]/", /public/],
    ["https://[64:ff9b::7f00:1]/", /public/],
    ["https://[64:ff9b:1::a00:1]/", /public/],
    ["https://[2002:7f00:1::]/", /public/],
    ["https://[2001:0:7f00:1::]/", /public/],
    ["https://[fe80::1]/", /public/],
    ["https://[fc00::1]/", /public/],
    ["https://[fd00:ec2::254]/", /public/],
    ["https://[fec0::1]/", /public/],
    ["https://[ff02::1]/", /public/],
    ["https://[100::1]/", /public/],
    ["https://[2001:db8::1]/", /public/],
    ["https://[4000::1]/", /public/],
  ])("may not be %s", (url, problem) => {
    expect(webhookUrlProblem(url, PRODUCTION)).toMatch(problem);
  });

  it("does not repeat what it refuses, which may hold credentials", () => {
    expect(webhookUrlProblem("https://ada:secret@example.com/", PRODUCTION)).not.toMatch(/secret/);
  });

  it.each([
    "http://localhost:3000/",
    "http://127.0.0.1:3000/",
    "http://[::1]:3000/",
    "https://app.localhost/",
    "https://example.com/",
  ])("may be %s in development", (url) => {
    expect(webhookUrlProblem(url, DEVELOPMENT)).toBeUndefined();
  });

  it.each([
    "http://example.com/",
    "https://10.0.0.1/",
    "http://169.254.169.254/",
    "http://0.0.0.0:3000/",
    "http://[::ffff:127.0.0.1]/",
    "http://localhost.example.com/",
  ])("may not be %s in development either", (url) => {
    expect(webhookUrlProblem(url, DEVELOPMENT)).toBeDefined();
  });
});

describe("[P-SSRF] the guarded lookup", () => {
  /** A name server that answers as told, one answer after the other. */
  function resolver(...answers: readonly (readonly string[])[]): Resolve {
    let calls = 0;
    const resolve = (_name: string, _options: unknown, callback: unknown) => {
      const answer = answers[Math.min(calls, answers.length - 1)] ?? [];
      calls += 1;
      const addresses = answer.map((address) => ({
        address,
        family: address.includes(":") ? 6 : 4,
      }));
      (callback as (error: null, addresses: readonly LookupAddress[]) => void)(null, addresses);
    };
    return resolve as Resolve;
  }

  function lookUp(policy: typeof PRODUCTION, name: string, resolve: Resolve, all = true) {
    return new Promise((done, fail) => {
      createGuardedLookup(policy, resolve)(name, { all }, (error, address) =>
        error ? fail(error) : done(address),
      );
    });
  }

  it("gives the public addresses of a name", async () => {
    const found = lookUp(PRODUCTION, "example.com", resolver(["93.184.215.14", "2606:4700::1"]));
    expect(await found).toEqual([
      { address: "93.184.215.14", family: 4 },
      { address: "2606:4700::1", family: 6 },
    ]);
    const one = lookUp(PRODUCTION, "example.com", resolver(["93.184.215.14"]), false);
    expect(await one).toBe("93.184.215.14");
  });

  it.each([
    [["127.0.0.1"]],
    [["93.184.215.14", "10.0.0.1"]],
    [["::ffff:169.254.169.254"]],
    [["fe80::1%eth0"]],
    [["nonsense"]],
    [[]],
  ])("refuses a name that leads to %j", async (addresses) => {
    const found = lookUp(PRODUCTION, "rebound.example", resolver(addresses));
    await expect(found).rejects.toThrow(AddressRefusedError);
  });

  it("checks each answer anew: a name that turns inward is refused then", async () => {
    const rebinding = resolver(["93.184.215.14"], ["127.0.0.1"]);
    await lookUp(PRODUCTION, "rebound.example", rebinding);
    const again = lookUp(PRODUCTION, "rebound.example", rebinding);
    await expect(again).rejects.toThrow(AddressRefusedError);
  });

  it("in development, lets only names of this machine lead to it", async () => {
    const here = resolver(["127.0.0.1", "::1"]);
    expect(await lookUp(DEVELOPMENT, "localhost", here)).toHaveLength(2);
    await expect(lookUp(DEVELOPMENT, "example.com", here)).rejects.toThrow(AddressRefusedError);
    const outside = lookUp(DEVELOPMENT, "localhost", resolver(["93.184.215.14"]));
    await expect(outside).rejects.toThrow(AddressRefusedError);
  });
});

it.each(["", "localhost", "999.1.1.1", "1.2.3", "::g"])("%j is no public address", (text) => {
  expect(isPublicAddress(text)).toBe(false);
});
