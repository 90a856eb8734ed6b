import { type AdapterDriver, ATTACKS } from "@holdpoint/adapter-conformance";
import { expect, test } from "vitest";
import { createDriver } from "../../packages/ai-sdk/src/testing/driver.js";
import { MAJORS } from "../../packages/ai-sdk/src/testing/framework.js";
import { driver as claudeAgent } from "../../packages/claude-agent/src/testing/driver.js";
import { driver as crewai } from "../../packages/crewai/src/testing/driver.js";
import { middlewareDriver, toolsDriver } from "../../packages/langchain/src/testing/driver.js";
import { driver as openaiAgents } from "../../packages/openai-agents/src/testing/driver.js";

const DRIVERS: readonly AdapterDriver[] = [
  toolsDriver,
  middlewareDriver,
  ...MAJORS.map(createDriver),
  openaiAgents,
  claudeAgent,
  crewai,
];

const WAYS = {
  gate: "Gating a tool",
  ask: "An approval tool",
  durable: "Durable: the process ends meanwhile",
  spend: "A model that spends",
  act: "Actions of the gate",
} as const;

// Each adapter's own suite plays what the table says it stands; `npx vitest run adapters/table --update`
// writes the page anew.
test("[P-ADAPTERS] the table of what each adapter stands is the one in the docs", async () => {
  await expect(writeTable()).toMatchFileSnapshot("../../docs/reference/adapter-conformance.md");
});

function writeTable(): string {
  const notes: string[] = [];
  const names = DRIVERS.map(({ name }) => name.replace("@holdpoint/", ""));
  const sections = Object.entries(WAYS).map(([way, title]) => {
    const rows = ATTACKS.filter((attack) => attack.way === way).map(({ id, what }) => {
      const cells = DRIVERS.map(({ skips = {} }) => mark(skips[id], notes));
      return `| ${what} | ${cells.join(" | ")} |`;
    });
    const head = `| | ${names.join(" | ")} |\n| --- |${" :-: |".repeat(names.length)}`;
    return `## ${title}\n\n${head}\n${rows.join("\n")}\n`;
  });
  const reasons = notes.map((reason, index) => `${index + 1}. ${reason}\n`);
  return [
    "# What each adapter stands\n",
    "One suite plays each of these against every adapter, in its framework's own loop with its fake model, on a real control plane: `packages/adapter-conformance`. This page is made from the suite; a test keeps it so. How MCP and its gateway stand up to the same is in the tests of [`@holdpoint/mcp`](../../packages/mcp).\n",
    ...sections,
    reasons.length > 0 ? `## Not played, and why\n\n${reasons.join("")}` : "",
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

function mark(reason: string | undefined, notes: string[]): string {
  if (reason === undefined) return "✓";
  if (!notes.includes(reason)) notes.push(reason);
  return `[${notes.indexOf(reason) + 1}]`;
}
