import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { WireList, WireObservation } from "@holdpoint/protocol";
import { expect, test } from "vitest";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";

async function observed(holdpoint: ServedControlPlane): Promise<readonly WireObservation[]> {
  const response = await holdpoint.operate("/v1/observations?limit=100");
  return ((await response.json()) as WireList<WireObservation>).data;
}

test("what was observed while the control plane was away arrives once it is back", async () => {
  await using holdpoint = await serveControlPlane();
  let isAway = true;
  const flaky: typeof fetch = (input, init) =>
    isAway ? Promise.reject(new TypeError("fetch failed")) : fetch(input, init);
  const hp = holdpoint.client({ fetch: flaky });
  for (let index = 0; index < 120; index += 1) {
    hp.observe({ service: "mailer", action: `read-${index % 60}`, payload: { index } });
  }
  expect(await hp.flush({ timeoutMs: 50 })).toEqual({ sent: 0, dropped: 0, pending: 120 });
  isAway = false;
  expect(await hp.flush()).toEqual({ sent: 120, dropped: 0, pending: 0 });
  expect(await observed(holdpoint)).toHaveLength(100);
});

test("a batch whose answer was lost is counted once", async () => {
  await using holdpoint = await serveControlPlane();
  let calls = 0;
  const losing: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    calls += 1;
    if (calls === 1) throw new TypeError("fetch failed");
    return response;
  };
  const hp = holdpoint.client({ fetch: losing });
  hp.observe({ service: "mailer", action: "read" });
  hp.observe({ service: "mailer", action: "list" });
  expect(await hp.flush()).toMatchObject({ sent: 2 });
  expect(calls).toBe(2);
  expect((await observed(holdpoint)).map(({ action }) => action)).toEqual(["list", "read"]);
});

test("a line that the control plane refuses takes none of the others with it", async () => {
  await using holdpoint = await serveControlPlane();
  const hp = holdpoint.client();
  hp.observe({ service: "mailer", action: "read" });
  hp.observe({ service: "mail\ner", action: "read" });
  hp.observe({ service: "mailer", action: "list", parentRequestId: "req_1" });
  hp.observe({ service: "mailer", action: "list" });
  expect(await hp.flush()).toEqual({ sent: 2, dropped: 2, pending: 0 });
  expect(await observed(holdpoint)).toHaveLength(2);
});

test("a program that has nothing else to do ends, and does not wait for what it observed", async () => {
  const program = `
    import { Holdpoint } from "@holdpoint/sdk";
    const hp = new Holdpoint({ fetch: () => Promise.reject(new TypeError("fetch failed")) });
    hp.observe({ service: "mailer", action: "read" });
    const result = await hp.flush({ timeoutMs: 50 });
    hp.observe({ service: "mailer", action: "read" });
    console.log(JSON.stringify(result));
  `;
  await using holdpoint = await serveControlPlane();
  const child = spawn(
    process.execPath,
    ["--conditions=@holdpoint/source", "--import=tsx", "--input-type=module", "--eval", program],
    {
      cwd: fileURLToPath(new URL("..", import.meta.url)),
      env: { ...process.env, HOLDPOINT_API_KEY: holdpoint.apiKey, HOLDPOINT_URL: holdpoint.url },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += String(chunk);
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect(code).toBe(0);
  expect(JSON.parse(output)).toEqual({ sent: 0, dropped: 0, pending: 1 });
});
