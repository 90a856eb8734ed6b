import type { ActionEgress, HttpMethod } from "@holdpoint/protocol/gate";
import { describe, expect, it } from "vitest";
import { codeOfFault } from "../testing/runner.js";
import { createEgress, methodsOf } from "./rule.js";

const RULE = { domains: ["api.example.com", "*.example.org"] };

function check(
  url: string,
  egress: ActionEgress = RULE,
  allowPrivate = false,
  method: HttpMethod = "GET",
) {
  const rule = createEgress(egress, methodsOf(egress, provider), allowPrivate);
  return codeOfFault(() => rule.assertAllowed(new URL(url), method));
}
const provider = { type: "http", method: "GET", url: "https://api.example.com/" } as const;

describe("[P-GATE-EGRESS] an egress rule", () => {
  it.each([
    "https://api.example.com/a?b=c",
    "https://API.EXAMPLE.COM/",
    "https://api.example.com:443/",
    "https://a.example.org/",
    "https://a.b.example.org/",
  ])("lets through %s", (url) => {
    expect(check(url)).toBeUndefined();
  });

  it.each([
    "https://example.com/",
    "https://example.org/",
    "https://evil-example.org/",
    "https://a.example.org.evil.net/",
    "https://api.example.com.evil.net/",
    "https://xapi.example.com/",
    "https://api.example.com./",
    "https://api.example.com:8443/",
    "http://api.example.com/",
    "http://api.example.com:443/",
    "https://ada@api.example.com/",
    "https://ada:secret@api.example.com/",
    "https://api.example.com@evil.net/",
    "ftp://api.example.com/",
  ])("refuses %s", (url) => {
    expect(check(url)).toBe("egress_refused");
  });

  it.each([
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://１２７.０.０.１/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://169.254.169.254/",
    "https://localhost/",
  ])("refuses %s, however its rule names it", (url) => {
    const { hostname } = new URL(url);
    const egress = { domains: [hostname, "127.0.0.1", "*.0.0.1"] };
    expect(check(url, egress)).toBe("egress_refused");
  });

  it("lets a wildcard name no address", () => {
    const egress = { domains: ["*.8.8.8"] };
    expect(check("https://8.8.8.8/", egress)).toBe("egress_refused");
    expect(check("https://8.8.8.8/", { domains: ["8.8.8.8"] })).toBeUndefined();
  });

  it("goes by the ports it names, and by no other then", () => {
    const egress = { ...RULE, ports: [8443] };
    expect(check("https://api.example.com:8443/", egress)).toBeUndefined();
    expect(check("https://api.example.com/", egress)).toBe("egress_refused");
  });

  it("goes by the methods it names, and else by the provider's own", () => {
    const egress = { ...RULE, methods: ["POST"] as const };
    expect(check("https://api.example.com/", egress, false, "POST")).toBeUndefined();
    expect(check("https://api.example.com/", egress, false, "GET")).toBe("egress_refused");
    expect(check("https://api.example.com/", RULE, false, "POST")).toBe("egress_refused");
  });

  it("of a module that names no methods lets it read alone", () => {
    const wasm = { type: "wasm", module: "sha256:00" } as const;
    expect(methodsOf(RULE, wasm)).toEqual(["GET", "HEAD"]);
  });

  it("that is none refuses everything", () => {
    expect(check("https://api.example.com/", "none")).toBe("egress_refused");
  });

  it("lets a private address through only where the control plane does too", () => {
    const egress = { domains: ["127.0.0.1"], ports: [8080], allow_private: true };
    expect(check("http://127.0.0.1:8080/", egress, true)).toBeUndefined();
    expect(check("http://127.0.0.1:8080/", egress, false)).toBe("egress_refused");
    expect(check("http://127.0.0.1:8080/", { ...egress, allow_private: false }, true)).toBe(
      "egress_refused",
    );
  });
});
