import { once } from "node:events";
import { rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { agentOf, dropTable } from "../fixtures/agent.js";
import { holdpoint, launch, lines, startDev, temporaryFolder } from "../fixtures/holdpoint.js";
import { testTerminal } from "../fixtures/terminal.js";
import { main } from "../program.js";

it("prints one line of JSON, answers an agent and an operator, and ends with 0", async () => {
  await using folder = await temporaryFolder();
  await using dev = await startDev(folder.path);
  const { url, apiKey, operatorToken, dashboardUrl, dataDir } = dev.ready;
  expect(Object.keys(dev.ready)).toEqual([
    "url",
    "apiKey",
    "operatorToken",
    "dashboardUrl",
    "dataDir",
  ]);
  expect(dashboardUrl).toContain(`${url}/sign-in#token=`);
  expect(dataDir).toBe(join(folder.path, ".holdpoint"));
  for (const secret of [apiKey, operatorToken]) {
    const response = await fetch(`${url}/v1/me`, {
      headers: { authorization: `Bearer ${secret}` },
    });
    expect(response.status).toBe(200);
  }
  expect(await dev.stop("SIGINT")).toBe(0);
});

it("keeps its data to the owner, and its keys for the next start", async () => {
  await using folder = await temporaryFolder();
  const modeOf = async (...path: string[]) =>
    ((await stat(join(folder.path, ".holdpoint", ...path))).mode & 0o777).toString(8);

  const first = await startDev(folder.path);
  expect(await modeOf()).toBe("700");
  expect(await modeOf("master.key")).toBe("600");
  expect(await modeOf("credentials.json")).toBe("600");
  expect(await modeOf("holdpoint.db")).toBe("600");
  expect(await first.stop()).toBe(0);

  const second = await startDev(folder.path);
  expect(second.ready.apiKey).toBe(first.ready.apiKey);
  expect(second.ready.operatorToken).toBe(first.ready.operatorToken);
  expect(second.ready.dashboardUrl).not.toBe(first.ready.dashboardUrl);
  await second.stop();

  // Credentials of a database that is gone are worth nothing.
  for (const file of ["holdpoint.db", "holdpoint.db-wal", "holdpoint.db-shm"]) {
    await rm(join(folder.path, ".holdpoint", file), { force: true });
  }
  await using third = await startDev(folder.path);
  expect(third.ready.apiKey).not.toBe(first.ready.apiKey);
});

it("refuses a data folder that another one serves, and says where", async () => {
  await using folder = await temporaryFolder();
  await using dev = await startDev(folder.path);
  const second = await holdpoint(["dev", "--port", "0"], { cwd: folder.path });
  expect(second).toMatchObject({ exitCode: 5, stdout: "" });
  expect(second.stderr).toContain(`already, at ${dev.ready.url}.`);
});

it("refuses a port that is taken when it was asked for", async () => {
  await using folder = await temporaryFolder();
  const squatter = createServer().listen(0, "127.0.0.1");
  await once(squatter, "listening");
  const { port } = squatter.address() as { port: number };
  try {
    const ended = await holdpoint(["dev", "--port", String(port)], { cwd: folder.path });
    expect(ended).toMatchObject({ exitCode: 5, stdout: "" });
    expect(ended.stderr).toContain("holdpoint dev --port 0");
  } finally {
    squatter.close();
  }
});

it("shows people a block to copy from, then a line per event", async () => {
  await using folder = await temporaryFolder();
  const child = launch(["dev", "--port", "0"], { cwd: folder.path });
  const output = lines(child.stdout);
  const exported = new Map<string, string>();
  while (exported.size < 2) {
    const { value = "" } = await output.next();
    const [, name, setting] = /export (HOLDPOINT_\w+)=(\S+)/.exec(value) ?? [];
    if (name && setting) exported.set(name, setting);
  }
  const url = exported.get("HOLDPOINT_URL") ?? "";
  const apiKey = exported.get("HOLDPOINT_API_KEY") ?? "";
  const ready = { url, apiKey } as never;
  const { id } = await agentOf({ ready } as never).defer(dropTable);
  for await (const line of output) {
    if (!line.includes(id)) continue;
    expect(line).toMatch(/^\d\d:\d\d:\d\d {2}asked {6}critical {2}db-agent \/ run_sql +req_/);
    break;
  }
  child.kill("SIGTERM");
  await once(child, "exit");
  expect(child.exitCode).toBe(0);
});

it("gives a fresh sign-in link for l and Enter", async () => {
  await using folder = await temporaryFolder();
  const stopping = new AbortController();
  const terminal = testTerminal({ directory: folder.path, stopped: stopping.signal });
  const linkCount = () => terminal.printed.join("\n").split("/sign-in#token=").length - 1;
  const print = terminal.print;
  const twoLinks = new Promise<void>((resolve) => {
    Object.assign(terminal, {
      print: (text: string) => {
        print(text);
        if (linkCount() === 1) terminal.input.write("l\n");
        if (linkCount() === 2) resolve();
      },
    });
  });
  const ended = main(["dev", "--port", "0", "--no-open"], terminal);
  await twoLinks;
  stopping.abort();
  expect(await ended).toBe(0);
});
