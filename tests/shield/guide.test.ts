import { checkPolicy } from "@holdpoint/server";
import { expect, test } from "vitest";
import { startChild } from "../harness/child.js";
import { serveControlPlane } from "../harness/control-plane.js";
import { readPage } from "../harness/pages.js";
import { startProgram } from "../harness/program.js";
import { expectAnswer, readShield } from "../harness/shield.js";

const guide = await readPage("docs/guides/shield.md");
const [commands = ""] = guide.blocks("sh");
const [teaching = "", jumping = ""] = guide.blocks("ts");
const [policy = ""] = guide.blocks("cedar");

test("[P-SHIELD-MODES] [P-SHIELD-TIGHTENS] what the guide prints locks a baseline, enforces it and holds the jump", {
  timeout: 120_000,
}, async () => {
  await using holdpoint = await serveControlPlane();
  const environment = {
    HOLDPOINT_URL: holdpoint.url,
    HOLDPOINT_API_KEY: holdpoint.apiKey,
    HOLDPOINT_OPERATOR_TOKEN: holdpoint.operatorToken,
  };
  await using taught = await startProgram("shield-guide", teaching, environment);
  expect(await taught.nextLine()).toBe("{ sent: 660, dropped: 0, pending: 0 }");
  expect(await taught.ended).toBe(0);
  const readMode = async () => (await readShield(holdpoint)).mode;
  await expect.poll(readMode, { timeout: 30_000 }).toBe("locked");

  const lines = commands.trim().split("\n");
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    const args = line.replace("npx holdpoint ", "").split(" ");
    await using command = startChild("../packages/cli/src/bin.ts", environment, args);
    expect(await command.ended, command.errors()).toBe(0);
  }
  expect(await readMode()).toBe("enforce");

  const body = JSON.stringify({ text: policy, base_revision: 0 });
  await expectAnswer(holdpoint, "/v1/policies", { method: "PUT", body });
  await using jumped = await startProgram("shield-jump", jumping, environment);
  const [, sentence = ""] = /why: `([^`]+)`/.exec(guide.text) ?? [];
  expect(sentence).toContain("apply_terraform");
  // How many runs it was locked with depends on when it was looked at.
  const anyNumber = (text: string) => text.replaceAll(/\d+/g, "N");
  expect(anyNumber(await jumped.nextLine())).toBe(anyNumber(`PENDING held ${sentence}`));
  expect(await jumped.ended).toBe(0);
});

test("the guide's policies have nothing against them", () => {
  const { problems, statements } = checkPolicy(guide.blocks("cedar").join("\n"));
  expect(problems).toEqual([]);
  expect(statements.map(({ id }) => id)).toEqual(["changes", "unusual-changes"]);
});

test("what the guide says of published runs is what was measured", async () => {
  const results = await readPage("benchmarks/results/shield.md");
  const [newTasks = "", newModels = ""] = results.text
    .split("\n## ")
    .filter((part) => part.startsWith("Tasks it"));
  for (const part of [newTasks, newModels]) {
    expect(heldBeforeHarm(part, 20)).toBeGreaterThan(40);
    expect(heldBeforeHarm(part, 20)).toBeLessThan(60);
    expect(heldBeforeHarm(part, 100)).toBeLessThan(30);
    expect(benignHeld(part, 20)).toBeGreaterThan(2 * benignHeld(part, 100));
  }
  // Tasks that were never seen are no more like those before.
  expect(benignHeld(newTasks, 100)).toBeGreaterThan(3);
  expect(benignHeld(newModels, 100)).toBeLessThan(2);
});

function rowOf(part: string, oneIn: number): readonly number[] {
  const [, cells = ""] =
    new RegExp(`^\\| shield \\| 1 in ${oneIn} \\|(.*)\\|$`, "m").exec(part) ?? [];
  return cells.split("|").map((cell) => Number.parseFloat(cell));
}

function benignHeld(part: string, oneIn: number): number {
  return rowOf(part, oneIn)[1] ?? Number.NaN;
}

function heldBeforeHarm(part: string, oneIn: number): number {
  return rowOf(part, oneIn)[2] ?? Number.NaN;
}
