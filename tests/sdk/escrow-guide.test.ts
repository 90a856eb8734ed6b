import { Holdpoint } from "@holdpoint/sdk";
import { expect, test } from "vitest";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { readPage } from "../harness/pages.js";
import { startProgram } from "../harness/program.js";

/** What policy lets through is held at once. */
async function letThrough({ operate }: ServedControlPlane): Promise<void> {
  const policy = { currency: "EUR", auto_approve: { enabled: true } };
  const body = JSON.stringify({ policy });
  const { status } = await operate("/v1/spend-policies", { method: "POST", body });
  expect(status).toBe(201);
}

async function keyOf({ plane, projectId }: ServedControlPlane, agent: string): Promise<string> {
  return (await plane.admin.createApiKey(projectId, { agent })).apiKey;
}

const printedBy = (code: string) =>
  [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, line]) => line);

test("[P-ESCROW] [G8] the guide's first example prints what its comments say", async () => {
  await using holdpoint = await serveControlPlane();
  await letThrough(holdpoint);
  const [code = ""] = (await readPage("docs/guides/escrow.md")).blocks("ts");
  await using agents = await startProgram("escrow", code, {
    HOLDPOINT_URL: holdpoint.url,
    PAYER_API_KEY: await keyOf(holdpoint, "payer"),
    PAYEE_API_KEY: await keyOf(holdpoint, "payee"),
  });
  const expected = printedBy(code);
  expect(expected).toHaveLength(4);
  for (const line of expected) expect(await agents.nextLine()).toBe(line);
  expect(await agents.ended).toBe(0);
});

test("[G7] the guide's other examples pass work on and ask for a person", async () => {
  await using holdpoint = await serveControlPlane();
  await letThrough(holdpoint);
  const [first = "", dispute = "", handOff = ""] = (await readPage("docs/guides/escrow.md")).blocks(
    "ts",
  );
  const beginning = first.slice(0, first.indexOf("const fulfilled"));
  const helper = `const helper = new Holdpoint({ apiKey: process.env.HELPER_API_KEY });
await helper.spend.escrow.register(await helper.spend.escrow.createKey());\n`;
  const end = `const chain = await payee.spend.escrow.verify([opened.envelope, passedOn.envelope]);
console.log(String(chain.handOffs));
console.log((await payee.spend.escrow.get(opened.id)).status);\n`;
  await using agents = await startProgram(
    "escrow-hand-off",
    `${beginning}${helper}${handOff}${dispute}${end}`,
    {
      HOLDPOINT_URL: holdpoint.url,
      PAYER_API_KEY: await keyOf(holdpoint, "payer"),
      PAYEE_API_KEY: await keyOf(holdpoint, "payee"),
      HELPER_API_KEY: await keyOf(holdpoint, "helper"),
    },
  );
  for (const line of ["OPEN", "1", "DISPUTED"]) expect(await agents.nextLine()).toBe(line);
  expect(await agents.ended).toBe(0);
});

test("what the guide does not promise is not there: another project's agent is no payee", async () => {
  await using holdpoint = await serveControlPlane();
  await using abroad = await serveControlPlane();
  const hp = new Holdpoint({ apiKey: holdpoint.apiKey, baseUrl: holdpoint.url });
  const stranger = new Holdpoint({ apiKey: abroad.apiKey, baseUrl: abroad.url });
  const signingKey = await hp.spend.escrow.createKey();
  const opened = hp.spend.escrow.open({
    signingKey,
    payee: (await stranger.me()).agent.id,
    payeeKeyId: "A".repeat(43),
    amount: "1.00",
    currency: "EUR",
    category: "services",
    fulfilBy: new Date(Date.now() + 60_000),
    releaseBy: new Date(Date.now() + 60_000),
  });
  await expect(opened).rejects.toMatchObject({ code: "ESCROW_PAYEE_INVALID" });
});
