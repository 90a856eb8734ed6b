import { EdgeVM } from "@edge-runtime/vm";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { fakeGate } from "./test-kit/fake-gate.js";
import {
  API_KEY,
  BASE_URL,
  decidedRequest,
  KEY,
  PROJECT_ID,
  REQUEST_ID,
} from "./test-kit/fixtures.js";

/** The whole client as one classic script, the lazy parts included, as an edge platform deploys it. */
async function bundleForEdge(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [new URL("./index.ts", import.meta.url).pathname],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "sdk",
    platform: "browser",
    conditions: ["@holdpoint/source"],
    logLevel: "silent",
  });
  return String(outputFiles[0]?.text);
}

/** Asks and waits inside the edge runtime, against a control plane that edits blindly. */
const SCRIPT = `
(async () => {
  const { apiKey, baseUrl, key, id, decided, patch } = JSON.parse(input);
  let sent;
  const fetch = async (url, init) => {
    if (init.method !== "POST") throw new Error("decided at once, so nothing is waited for");
    sent = init.body;
    const { payload } = JSON.parse(init.body);
    const body = { ...decided, encrypted: true, payload, patched_payload: patch };
    return new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });
  };
  const hp = new sdk.Holdpoint({ apiKey, baseUrl, encryptionKey: key, fetch });
  const schema = { type: "object", properties: { sql: { type: "string" } }, required: ["sql"] };
  const decision = await hp.ask({ service: "db", action: "run_sql", payload: { sql: "DROP" }, schema, id });
  const stranger = await hp.wait("nonsense").catch((error) => error);
  return JSON.stringify({ sent, decision, isTyped: stranger instanceof sdk.ValidationError });
})()`;

test("[S-RUNTIMES] asks, encrypts, validates and decrypts inside an edge runtime", async () => {
  const { Cipher } = await import("./encryption/cipher.js");
  const patch = await new Cipher(PROJECT_ID, [KEY]).seal({ sql: "SELECT 1" }, REQUEST_ID, "patch");
  const decided = decidedRequest("APPROVED_WITH_MODIFICATIONS", {
    patched_payload: patch,
    service: "db",
    action: "run_sql",
  });
  const vm = new EdgeVM({
    extend: (context) => {
      const input = {
        apiKey: API_KEY,
        baseUrl: BASE_URL,
        key: KEY,
        id: REQUEST_ID,
        decided,
        patch,
      };
      return Object.assign(context, { input: JSON.stringify(input) });
    },
  });
  vm.evaluate(await bundleForEdge());
  const { sent, decision, isTyped } = JSON.parse(await vm.evaluate<Promise<string>>(SCRIPT));
  expect(sent).not.toContain("DROP");
  expect(decision).toMatchObject({
    approved: true,
    payload: { sql: "DROP" },
    approvedPayload: { sql: "SELECT 1" },
    diffSummary: { changes: [{ path: "/sql", from: "DROP", to: "SELECT 1" }] },
  });
  expect(isTyped).toBe(true);
});

/** Has an action run inside the edge runtime, by a gate outside. */
const GATE_SCRIPT = `
(async () => {
  const { apiKey, baseUrl } = JSON.parse(input);
  const fetch = async (url, init) => {
    const headers = Object.fromEntries(new Headers(init.headers));
    const { status, body } = JSON.parse(await gate(url, init.method, JSON.stringify(headers), init.body));
    return new Response(body, { status });
  };
  const hp = new sdk.Holdpoint({ apiKey, baseUrl, fetch });
  const result = await hp.gate.execute("github-issue", { title: "Bug" });
  return JSON.stringify({ result, isFull: sdk.isFullySuccessful(result) });
})()`;

test("[S-RUNTIMES] proves its calls to the gate inside an edge runtime", async () => {
  const { fetch, calls, faults } = fakeGate();
  const gate = async (url: string, method: string, headers: string, body: string) => {
    const response = await fetch(url, { method, headers: JSON.parse(headers), body });
    return JSON.stringify({ status: response.status, body: await response.text() });
  };
  const vm = new EdgeVM({
    extend: (context) => {
      const input = JSON.stringify({ apiKey: API_KEY, baseUrl: BASE_URL });
      return Object.assign(context, { input, gate });
    },
  });
  vm.evaluate(await bundleForEdge());
  const { result, isFull } = JSON.parse(await vm.evaluate<Promise<string>>(GATE_SCRIPT));
  expect(result).toMatchObject({ outcome: "success", output: { number: 7 } });
  expect(isFull).toBe(true);
  expect(calls).toHaveLength(1);
  expect(faults).toEqual([]);
});
