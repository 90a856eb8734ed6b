import { spawn } from "node:child_process";
import { once } from "node:events";
import { Client as V1Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as V1Stdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, describe, expect, test, vi } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { REFUND, readAnswer } from "./testing/answer.js";
import { connectHttp, connectStdio, isRunning } from "./testing/connect.js";
import { listenPlane } from "./testing/plane.js";
import { bin, runProgram, startHttpProgram } from "./testing/program.js";

// Each test starts a process, which compiles the program first.
vi.setConfig({ testTimeout: 120_000 });

const plane = await listenPlane();
afterAll(() => plane.close());

const call = { name: "ask_human", arguments: REFUND };

describe("the command line", () => {
  test("--help names every setting, --version the version", async () => {
    const help = await runProgram(["--help"]);
    expect(help.code).toBe(0);
    for (const name of ["HOLDPOINT_API_KEY", "--http", "HOLDPOINT_MCP_TOKEN", "--wait-ms"]) {
      expect(help.stdout).toContain(name);
    }
    expect(await runProgram(["--version"])).toMatchObject({
      code: 0,
      stdout: `${manifest.version}\n`,
    });
  });

  test.each([
    ["no key", { HOLDPOINT_API_KEY: "" }],
    ["a key of another form", { HOLDPOINT_API_KEY: "sk-secret-of-somebody-else" }],
  ])("%s: exit code 2, and how to get one", async (_, environment) => {
    const { code, stdout, stderr } = await runProgram([], environment);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("HOLDPOINT_API_KEY");
    expect(stderr).toContain("npx holdpoint dev");
    expect(stderr).not.toContain("somebody-else");
  });

  test.each([
    ["an unknown option", ["--htttp"], {}],
    ["a port that is none", ["--http", "--port", "x"], {}],
    ["an address that others reach, without a token", ["--http", "--host", "0.0.0.0"], {}],
    ["a wait beyond the bound", [], { HOLDPOINT_MCP_WAIT_MS: "3600001" }],
    ["an encryption key that is none", [], { HOLDPOINT_ENCRYPTION_KEY: "short" }],
  ])("%s: exit code 2", async (_, args, environment) => {
    const { code, stderr } = await runProgram(args, { ...plane.environment, ...environment });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: /);
  });

  test.each([
    ["--no-spend", ["--no-spend"], {}],
    ["HOLDPOINT_MCP_NO_SPEND", [], { HOLDPOINT_MCP_NO_SPEND: "1" }],
  ])("%s: without the tools to spend with", async (_, args, more) => {
    await using connected = await connectStdio({ ...plane.environment, ...more }, { args });
    const { tools } = await connected.client.listTools();
    expect(tools.map(({ name }) => name)).not.toContain("request_purchase");
    expect(tools).toHaveLength(3);
  });

  test("a port that is taken: exit code 1", async () => {
    await using running = await startHttpProgram(plane.environment);
    const { port } = new URL(running.url);
    const { code, stderr } = await runProgram(["--http", "--port", port], plane.environment);
    expect(code).toBe(1);
    expect(stderr).toContain("EADDRINUSE");
  });
});

describe("over stdio", () => {
  test.each(["legacy", "modern"] as const)(
    "%s: asks, gets the answer, and ends with it",
    async (era) => {
      const connected = await connectStdio(plane.environment, { era });
      const answer = connected.client.callTool(call);
      await plane.approve((await plane.waitForRequest()).id);
      expect(readAnswer(await answer).text).toMatch(/^APPROVED:/);
      await connected[Symbol.asyncDispose]();
      expect(isRunning(connected.pid)).toBe(false);
    },
  );

  test("the official SDK's first major is served too", async () => {
    const client = new V1Client({ name: "v1", version: "1" });
    await client.connect(new V1Stdio({ ...bin(), env: { ...plane.environment } }));
    expect(client.getServerCapabilities()).toEqual({ tools: { listChanged: false } });
    const answer = client.callTool(call);
    await plane.reject((await plane.waitForRequest()).id, { reason: "No." });
    expect(readAnswer(await answer)).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^ACTION_REJECTED:/),
    });
    await client.close();
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s in the middle of a wait ends it at once",
    async (signal) => {
      const { client, pid } = await connectStdio(plane.environment);
      const answer = client.callTool(call);
      const { id } = await plane.waitForRequest();
      process.kill(pid, signal);
      await expect(answer).rejects.toThrow();
      expect((await plane.request(id)).status).toBe("PENDING");
      await plane.reject(id);
    },
  );

  test("nothing but the protocol goes to standard output, also for nonsense", async () => {
    const { command, args } = bin();
    const child = spawn(command, args, { env: { ...process.env, ...plane.environment } });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stdin.write("this is not JSON\n{}\n[1]\n");
    child.stdin.end(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" })}\n`);
    const [code] = await once(child, "exit");
    expect(code).toBe(0);
    for (const line of output.split("\n").filter(Boolean)) {
      expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
    }
  });
});

describe("over HTTP", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s in the middle of a wait ends it at once",
    async (signal) => {
      await using running = await startHttpProgram(plane.environment);
      const { client } = await connectHttp(running.url);
      const answer = client.callTool(call);
      const { id } = await plane.waitForRequest();
      running.process.kill(signal);
      await expect(answer).rejects.toThrow();
      expect(await running.ended).toBe(0);
      expect((await plane.request(id)).status).toBe("PENDING");
      await plane.reject(id);
    },
  );

  test("takes its token from the environment", async () => {
    const token = "a-token-of-enough-length";
    const environment = { ...plane.environment, HOLDPOINT_MCP_TOKEN: token };
    await using running = await startHttpProgram(environment);
    await expect(connectHttp(running.url)).rejects.toThrow();
    await using connected = await connectHttp(running.url, { token });
    expect((await connected.client.listTools()).tools).toHaveLength(7);
  });
});
