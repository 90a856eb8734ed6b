import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Holdpoint } from "@holdpoint/sdk";
import { createControlPlane } from "@holdpoint/server";
import { expect, it } from "vitest";
import { dropTable } from "../../fixtures/agent.js";
import { holdpoint, temporaryFolder } from "../../fixtures/holdpoint.js";

it("exports a project's receipts from a log that others share, and the sum still comes out", async () => {
  await using folder = await temporaryFolder();
  await using plane = await createControlPlane({
    storage: { kind: "memory" },
    masterKey: Buffer.alloc(32, 3).toString("base64url"),
    rateLimits: false,
    logger: { info() {}, warn() {}, error() {} },
  }).then((made) => Object.assign(made, { [Symbol.asyncDispose]: () => made.close() }));
  const ada = { email: "ada@example.com", name: "Ada Lovelace", projectName: "Acme" };
  const { projectId, operatorId } = await plane.admin.bootstrap(ada);
  const { url } = await plane.start({ port: 0, hostname: "127.0.0.1" });
  const { token } = await plane.admin.createOperatorToken(projectId, operatorId, { name: "test" });
  const made = await fetch(`${url}/v1/projects`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "Other" }),
  });
  const other = (await made.json()) as { readonly id: string };
  const clients = await Promise.all(
    [projectId, other.id].map(async (id) => {
      const { apiKey } = await plane.admin.createApiKey(id, { agent: "bot" });
      return new Holdpoint({ apiKey, baseUrl: url });
    }),
  );
  // Ours and theirs by turns, past the end of a tile, with a long stretch of theirs.
  const turns = [1, 0, 0, 1, ...Array<number>(270).fill(1), 0, 1, 1];
  for (const turn of turns) await clients[turn]?.defer(dropTable);

  const env = { HOLDPOINT_URL: url, HOLDPOINT_OPERATOR_TOKEN: token };
  const run = (...argv: string[]) => holdpoint(argv, { cwd: folder.path, env });
  const files = ["--output", "ledger.jsonl", "--checkpoint", "checkpoint.txt"];
  expect(await run("receipts", "export", ...files)).toMatchObject({ exitCode: 0, stderr: "" });
  const verify = (...argv: string[]) =>
    run("verify", "ledger.jsonl", "--keys", url, "--checkpoint", "checkpoint.txt", ...argv);
  const { stdout } = await verify("--project", projectId, "--json");
  expect(JSON.parse(stdout)).toMatchObject({ receipts: 3, skipped: 274, size: 277 });
  expect((await verify()).stdout).toContain("a receipt of yours could be among them");
  expect(await verify("--complete")).toMatchObject({ exitCode: 7, stdout: "" });
  const ledger = await readFile(join(folder.path, "ledger.jsonl"), "utf8");
  expect(ledger).not.toContain(other.id);
  expect(ledger.trimEnd().split("\n")).toHaveLength(6);
});
