import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const program = fileURLToPath(new URL("deoptimise.program.ts", import.meta.url));

it("outlives the optimisation of whoever asks it", { timeout: 60_000 }, async () => {
  const arguments_ = ["--conditions=@holdpoint/source", "--import=tsx", program];
  const { stdout } = await promisify(execFile)(process.execPath, arguments_);
  expect(stdout.trim()).toBe("success");
});
