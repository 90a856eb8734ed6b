import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Escrow, Holdpoint, type HoldpointOptions } from "@holdpoint/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";

const ENCRYPTION_KEY = Buffer.alloc(32, 9).toString("base64url");
const HOUR = 3_600_000;

let holdpoint: ServedControlPlane;
let apiKeys: Readonly<Record<string, string>>;

beforeAll(async () => {
  holdpoint = await serveControlPlane();
  const { plane, projectId, operate } = holdpoint;
  const made = ["payer", "payee"].map(async (agent) => {
    const { apiKey } = await plane.admin.createApiKey(projectId, { agent });
    return [agent, apiKey] as const;
  });
  apiKeys = Object.fromEntries(await Promise.all(made));
  const policy = { currency: "EUR", auto_approve: { enabled: true } };
  const body = JSON.stringify({ policy });
  await operate("/v1/spend-policies", { method: "POST", body });
});
afterAll(() => holdpoint[Symbol.asyncDispose]());

async function pair(options: HoldpointOptions = {}) {
  const of = (agent: string) =>
    new Holdpoint({ apiKey: apiKeys[agent] ?? "", baseUrl: holdpoint.url, ...options });
  const payer = of("payer");
  const payee = of("payee");
  const payerKey = await payer.spend.escrow.createKey();
  const payeeKey = await payee.spend.escrow.createKey();
  await payee.spend.escrow.register(payeeKey);
  const payeeId = (await payee.me()).agent.id;
  const open = (fields: object = {}): Promise<Escrow> =>
    payer.spend.escrow.open({
      signingKey: payerKey,
      payee: payeeId,
      amount: "40.00",
      currency: "EUR",
      category: "services",
      description: "Canary of the terms",
      fulfilBy: new Date(Date.now() + HOUR),
      releaseBy: new Date(Date.now() + 2 * HOUR),
      ...fields,
    });
  return { payer, payee, payerKey, payeeKey, open };
}

test("[G6] with a client key neither terms nor result reach the server, and both sides read them", async () => {
  const { payer, payee, payerKey, payeeKey, open } = await pair({ encryptionKey: ENCRYPTION_KEY });
  const opened = await open();
  const result = { text: "Canary of the result" };
  await payee.spend.escrow.fulfil(opened, { signingKey: payeeKey, result });
  const seen = await payer.spend.escrow.get(opened.id);
  expect(seen).toMatchObject({ description: "Canary of the terms", result, encrypted: true });
  expect((await payer.spend.escrow.release(seen, { signingKey: payerKey })).status).toBe(
    "RELEASED",
  );
  for (const path of [`/v1/escrows/${opened.id}`, `/v1/requests/${opened.requestId}`]) {
    expect(await (await holdpoint.operate(path)).text()).not.toContain("Canary");
  }
  expect(holdpoint.log.join("\n")).not.toContain("Canary");
  const again = await open();
  const said = payer.spend.escrow.dispute(again, { signingKey: payerKey, reason: "Canary" });
  await expect(said).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
});

test("[P-ESCROW] each call can be made again: one escrow, one fulfilment, one release", async () => {
  const { payer, payee, payerKey, payeeKey, open } = await pair();
  const first = await open({ idempotencyKey: "contract-7" });
  const again = await open({ idempotencyKey: "contract-7" });
  expect(again.id).toBe(first.id);
  const other = open({ idempotencyKey: "contract-7", amount: "41.00" });
  await expect(other).rejects.toMatchObject({ code: "IDEMPOTENCY_CONFLICT" });
  for (let time = 0; time < 2; time++) {
    const options = { signingKey: payeeKey, result: { done: true } };
    expect((await payee.spend.escrow.fulfil(first, options)).status).toBe("FULFILLED");
  }
  for (let time = 0; time < 2; time++) {
    const released = await payer.spend.escrow.release(first, { signingKey: payerKey });
    expect(released.status).toBe("RELEASED");
  }
  const { data } = await payer.spend.escrow.list({ rootEscrowId: first.id });
  expect(data.map(({ id }) => id)).toEqual([first.id]);
});

test.each<[string, string, (body: Answer) => void]>([
  ["another amount", "RESPONSE_INVALID", (body) => Object.assign(body.amount, { amount_minor: 1 })],
  ["another payer", "RESPONSE_INVALID", (body) => Object.assign(body, { payer: body.payee })],
  ["other terms", "ESCROW_DIGEST_WRONG", (body) => Object.assign(body, { details: {} })],
  ["another state", "RESPONSE_INVALID", (body) => Object.assign(body, { status: "FULFILLED" })],
  [
    "a result that nobody signed",
    "ESCROW_DIGEST_WRONG",
    (body) => Object.assign(body, { result: { done: true } }),
  ],
  [
    "no attestation of the payee",
    "ESCROW_KEY_UNKNOWN",
    (body) => Object.assign(body.envelope, { keys: body.envelope.keys.slice(0, 1) }),
  ],
])("[G4] a control plane that answers %s is not believed", async (_name, code, change) => {
  const { open, payee, payeeKey } = await pair();
  const opened = await open();
  const lying: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (!String(input).includes("/v1/escrows/")) return response;
    const body = (await response.json()) as Answer;
    change(body);
    return Response.json(body, { status: response.status });
  };
  const apiKey = apiKeys.payee ?? "";
  const deceived = new Holdpoint({ apiKey, baseUrl: holdpoint.url, fetch: lying });
  const options = { signingKey: payeeKey, result: "done" };
  const fulfilled = deceived.spend.escrow.fulfil(opened.id, options);
  await expect(fulfilled).rejects.toMatchObject({ code });
  expect((await payee.spend.escrow.get(opened.id)).status).toBe("OPEN");
});

test("[P-ESCROW] [G7] what the API answers verifies from the command line, offline", async () => {
  const { payee, payeeKey, open } = await pair();
  const opened = await open();
  await payee.spend.escrow.fulfil(opened, { signingKey: payeeKey, result: "done" });
  const folder = await mkdtemp(join(tmpdir(), "holdpoint-escrow-"));
  try {
    const save = async (name: string, path: string) =>
      writeFile(join(folder, name), await (await holdpoint.operate(path)).text());
    await save("keys.json", "/.well-known/jwks.json");
    await save("escrow.json", `/v1/escrows/${opened.id}`);
    await save("chain.json", `/v1/escrows?root_escrow_id=${opened.id}`);
    for (const [file, kind] of [
      ["escrow.json", "escrow"],
      ["chain.json", "escrow_chain"],
    ] as const) {
      const { stdout } = await cli(folder, "verify", file, "--keys", "keys.json", "--json");
      expect(JSON.parse(stdout)).toMatchObject({ verified: true, kind });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a key that is none is refused before anything is sent, and is not in the message", async () => {
  const { payer, open } = await pair();
  const signingKey = { kty: "OKP", crv: "Ed25519", x: "secret-x", d: "secret-d" } as const;
  for (const refused of [open({ signingKey }), payer.spend.escrow.register(signingKey)]) {
    const error = await refused.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "VALIDATION_FAILED" });
    expect(String((error as Error).stack)).not.toContain("secret-d");
  }
});

interface Answer {
  readonly amount: object;
  readonly payee: object;
  readonly envelope: { readonly keys: readonly string[] };
}

const bin = fileURLToPath(new URL("../../packages/cli/src/bin.ts", import.meta.url));

/** The command line from its source, as everything here. */
function cli(cwd: string, ...argv: string[]) {
  const tsx = fileURLToPath(import.meta.resolve("tsx"));
  const node = ["--conditions=@holdpoint/source", "--import", tsx, bin, ...argv];
  return promisify(execFile)(process.execPath, node, { cwd });
}
