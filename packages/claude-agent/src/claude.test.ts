import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Options } from "@anthropic-ai/claude-agent-sdk";
import { createTestControlPlane } from "@holdpoint/testing";
import { expect, test, vi } from "vitest";
import { holdpointHook } from "./hook/hook.js";
import { holdpointCanUseTool } from "./permission/can-use-tool.js";
import { runClaude } from "./testing/claude.js";
import { createDisk, type Disk } from "./testing/disk.js";
import { serveModel } from "./testing/model.js";

// The real `claude` with its own tools: what it makes of our answers.
vi.setConfig({ testTimeout: 60_000 });

/** Everything Claude itself could let through without asking, settings without hooks included. */
const EVERY_PERMISSION: Options = {
  settingSources: ["user"],
  tools: ["Bash", "Write"],
  allowedTools: ["Bash", "Write"],
  permissionMode: "acceptEdits",
};

async function createPermissiveDisk(): Promise<Disk> {
  const disk = await createDisk();
  const settings = { disableAllHooks: true, permissions: { allow: ["Bash", "Write"] } };
  await writeFile(join(disk.home, "settings.json"), JSON.stringify(settings));
  return disk;
}

test("[G2] built-in tools: edited, rejected and approved, whatever the permission rules say", async () => {
  await using disk = await createPermissiveDisk();
  const path = join(disk.home, "letter.txt");
  await using plane = await createTestControlPlane({
    decisions: ({ action, payload }) => {
      if (action === "Write") {
        const patch = { file_path: path, content: "Dear Grace" };
        return { decision: "approve", patch, reason: "Wrong name." };
      }
      const { command } = payload as { command: string };
      if (command.startsWith("rm")) return { decision: "reject", reason: "Never that." };
      return "approve";
    },
  });
  await using model = await serveModel([
    { id: "call_1", name: "Write", input: { file_path: path, content: "Dear Ada" } },
    { id: "call_2", name: "Bash", input: { command: `rm ${path}`, description: "Clean" } },
    { id: "call_3", name: "Bash", input: { command: `cat ${path}`, description: "Read" } },
  ]);
  const hooks = { ...holdpointHook({ service: "shell", holdpoint: plane.client() }) };
  await runClaude({ disk, model, options: { ...EVERY_PERMISSION, hooks } });

  expect(await readFile(path, "utf8")).toBe("Dear Grace");
  const answers = model.answers();
  expect(answers.call_1).toContain("Write: A person edited the arguments before this ran.");
  expect(answers.call_1).toContain("Wrong name.");
  expect(answers.call_2).toMatch(/STOP: a person rejected[\s\S]*Never that\.[\s\S]*Do not retry/);
  expect(answers.call_3).toContain("Dear Grace");
});

test("[G4] a hook that fails blocks: nothing runs", async () => {
  await using disk = await createPermissiveDisk();
  const path = join(disk.home, "made");
  const input = { command: `touch ${path}`, description: "Make" };
  await using model = await serveModel([{ id: "call_1", name: "Bash", input }]);
  await using plane = await createTestControlPlane();
  const hooks = {
    ...holdpointHook({
      service: "shell",
      holdpoint: plane.client(),
      policy: () => {
        throw new Error("No connection to the rules.");
      },
      onError: () => {
        throw new Error("No connection to the log either.");
      },
    }),
  };
  await runClaude({ disk, model, options: { ...EVERY_PERMISSION, hooks } });
  await expect(readFile(path)).rejects.toMatchObject({ code: "ENOENT" });
  expect(model.answers().call_1).toContain("blocking");
});

test("permission prompts land in the inbox, and are answered with what was approved", async () => {
  await using disk = await createDisk();
  const path = join(disk.home, "letter.txt");
  await using plane = await createTestControlPlane({
    decisions: ({ action }) =>
      action === "Write"
        ? { decision: "approve", patch: { file_path: path, content: "Dear Grace" } }
        : { decision: "reject", reason: "Never that." },
  });
  await using model = await serveModel([
    { id: "call_1", name: "Write", input: { file_path: path, content: "Dear Ada" } },
    { id: "call_2", name: "Bash", input: { command: `rm ${path}`, description: "Clean" } },
  ]);
  const canUseTool = holdpointCanUseTool({ service: "shell", holdpoint: plane.client() });
  await runClaude({ disk, model, options: { tools: ["Bash", "Write"], canUseTool } });
  expect(await readFile(path, "utf8")).toBe("Dear Grace");
  expect(model.answers().call_2).toMatch(/^STOP: a person rejected[\s\S]*Never that\./);
});
