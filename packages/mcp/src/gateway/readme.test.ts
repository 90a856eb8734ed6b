import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "./config/load.js";
import { CONFIG_SCHEMA } from "./config/schema.js";
import { judgeTool } from "./policy/judge.js";

const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
const section = /^## Gateway\n[\s\S]*?(?=^## )/m.exec(readme)?.[0] ?? "";

test("the configuration in the README is one, and judges as it says", async () => {
  const folder = await mkdtemp(join(tmpdir(), "holdpoint-readme-"));
  const file = join(folder, "gateway.json");
  await writeFile(file, /^```jsonc\n([\s\S]*?)^```/m.exec(section)?.[1] ?? "");
  const { servers } = await loadConfig(file, { HOME: "/home/ada" });
  await rm(folder, { recursive: true });
  expect(servers.files).toMatchObject({ args: ["-y", expect.anything(), "/home/ada/notes"] });
  const judge = (tool: string) => judgeTool(tool, servers.files?.tools);
  expect(["read_text_file", "list_directory", "move_file", "write_file"].map(judge)).toEqual([
    "observe",
    "allow",
    "deny",
    "ask",
  ]);
});

test("every setting of a server is in the table", () => {
  const { options } = CONFIG_SCHEMA.shape.servers.valueType;
  const settings = options.flatMap(({ shape }) => Object.keys(shape));
  const table = [...section.matchAll(/^\| (`[^|]*) \|/gm)].map(([, names]) => names).join();
  expect(settings.filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
});
