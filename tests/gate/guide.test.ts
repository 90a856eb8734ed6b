import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Desk, openDesk } from "../../examples/gate/desk.js";
import { type Child, startChild } from "../harness/child.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { createFolder } from "../harness/folder.js";
import { readPage } from "../harness/pages.js";
import { startProgram } from "../harness/program.js";

const TOKEN = "guide-desk-token";
const guide = await readPage("docs/guides/gate.md");

describe("the guide of the gate", () => {
  let holdpoint: ServedControlPlane;
  let desk: Desk;
  let folder: Awaited<ReturnType<typeof createFolder>>;
  beforeAll(async () => {
    folder = await createFolder();
    desk = await openDesk(TOKEN);
    holdpoint = await serveControlPlane({ allowPrivateEgress: true });
  });
  afterAll(async () => {
    await holdpoint?.[Symbol.asyncDispose]();
    desk?.close();
    await folder?.[Symbol.asyncDispose]();
  });

  /** The manifest of the guide, for a desk on this machine. */
  function localManifest(): string {
    const { host, hostname, port } = new URL(desk.url);
    return (guide.blocks("yaml")[0] as string)
      .replace("https://tickets.example.com", `http://${host}`)
      .replace("[tickets.example.com]", `[${hostname}]\n  ports: [${port}]\n  allow_private: true`);
  }

  async function command(args: readonly string[], input?: string): Promise<void> {
    const environment = {
      HOLDPOINT_URL: holdpoint.url,
      HOLDPOINT_OPERATOR_TOKEN: holdpoint.operatorToken,
    };
    await using child = startChild("../packages/cli/src/bin.ts", environment, args, {
      stdin: "pipe",
    });
    child.process.stdin?.end(input ?? "");
    expect(await child.ended, child.errors()).toBe(0);
  }

  async function run(
    name: string,
    code: string,
    more: Readonly<Record<string, string>>,
    args: readonly string[] = [],
  ): Promise<Child> {
    return startProgram(name, code, { HOLDPOINT_URL: holdpoint.url, ...more }, args);
  }

  test("its manifest and its policy are taken as they stand", async () => {
    const manifest = join(folder.path, "open-ticket.yaml");
    const policy = join(folder.path, "policy.cedar");
    await writeFile(manifest, guide.blocks("yaml")[0] as string);
    await command(["actions", "check", manifest]);
    await writeFile(manifest, localManifest());
    await writeFile(policy, guide.blocks("cedar")[0] as string);
    await command(["actions", "apply", manifest]);
    await command(["secrets", "set", "TICKETS_TOKEN"], TOKEN);
    await command(["policy", "set", policy]);
  });

  test("its example opens a ticket, and another once a person has approved it", async () => {
    const code = guide.blocks("ts")[0] as string;
    const key = { HOLDPOINT_API_KEY: holdpoint.apiKey };
    await using quiet = await run("gate-guide", code, key);
    expect(await quiet.nextLine()).toBe("success verified true");
    expect(await quiet.ended).toBe(0);
    await using urgent = await run("gate-guide", code, key, ["URGENT: nothing works"]);
    const pending = async () => {
      const listing = await holdpoint.operate("/v1/requests?status=PENDING");
      return ((await listing.json()) as { data: { id: string }[] }).data;
    };
    await expect.poll(async () => (await pending()).length, { timeout: 30_000 }).toBe(1);
    await holdpoint.decide((await pending())[0]?.id as string, { decision: "approve" });
    expect(await urgent.nextLine()).toBe("success verified true");
    expect(await urgent.ended).toBe(0);
  });

  test("its agent enrols a key of its own, and goes by it from then on", async () => {
    const path = join(folder.path, "agent-key.json");
    const enrolment = await holdpoint.operate("/v1/enrolments", {
      method: "POST",
      body: JSON.stringify({ agent: "enrolled-bot" }),
    });
    const { code } = (await enrolment.json()) as { code: string };
    const program = (guide.blocks("ts")[1] as string).replace(
      '"agent-key.json"',
      JSON.stringify(path),
    );
    await using enrolling = await run("gate-enrol", program, { ENROLMENT_CODE: code });
    expect(await enrolling.ended, enrolling.errors()).toBe(0);
    const agentKey = await readFile(path, "utf8");
    const environment = { HOLDPOINT_AGENT_KEY: agentKey, HOLDPOINT_API_KEY: "" };
    await using agent = await run("gate-guide", guide.blocks("ts")[0] as string, environment);
    expect(await agent.nextLine()).toBe("success verified true");
    expect(await agent.ended).toBe(0);
  });
});
