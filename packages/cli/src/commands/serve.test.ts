import { once } from "node:events";
import { join } from "node:path";
import { expect, it } from "vitest";
import { drawKey } from "../data/master-key.js";
import { holdpoint, launch, lines, temporaryFolder } from "../fixtures/holdpoint.js";

it("refuses an unsafe configuration, naming everything that is wrong", async () => {
  await using folder = await temporaryFolder();
  const { exitCode, stdout, stderr } = await holdpoint(["serve"], {
    cwd: folder.path,
    env: {
      HOLDPOINT_MASTER_KEY: "secret-but-short",
      HOLDPOINT_PUBLIC_URL: "http://holdpoint.example.com",
    },
  });
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  for (const name of ["DATA_DIR", "MASTER_KEY", "PUBLIC_URL"]) {
    expect(stderr).toContain(`- HOLDPOINT_${name} `);
  }
  expect(stderr).not.toContain("secret-but-short");
});

it("serves, admits the first admin once, and ends with 0", async () => {
  await using folder = await temporaryFolder();
  const env = {
    HOLDPOINT_DATA_DIR: join(folder.path, "data"),
    HOLDPOINT_MASTER_KEY: drawKey(),
    HOLDPOINT_PUBLIC_URL: "https://holdpoint.example.com",
    HOLDPOINT_ADMIN_EMAIL: "admin@example.com",
    HOLDPOINT_PORT: "0",
  };
  const serve = async (...argv: string[]) => {
    const child = launch(["serve", "--json", ...argv], { cwd: folder.path, env });
    const { value } = await lines(child.stdout).next();
    const serving = JSON.parse(value as string);
    const ready = await fetch(`http://127.0.0.1:${serving.port}/readyz`);
    child.kill("SIGTERM");
    await once(child, "exit");
    return { ...serving, ready: ready.status, exitCode: child.exitCode };
  };
  const first = await serve();
  expect(first).toMatchObject({
    url: "https://holdpoint.example.com",
    admin: "admin@example.com",
    ready: 200,
    exitCode: 0,
  });
  expect(first.signInLink).toContain("https://holdpoint.example.com/sign-in#token=");
  expect(await serve()).not.toHaveProperty("signInLink");
  expect((await serve("--link")).signInLink).not.toBe(first.signInLink);
});
