import { join } from "node:path";
import { Holdpoint } from "@holdpoint/sdk";
import { expect, test } from "vitest";
import { type Child, startChild } from "../harness/child.js";
import { createFolder } from "../harness/folder.js";
import { findFreePort } from "../harness/port.js";
import {
  allowChanges,
  enforce,
  lockBaseline,
  type Operated,
  readRequest,
  readShield,
} from "../harness/shield.js";

interface Server extends Operated {
  readonly child: Child;
  readonly hp: Holdpoint;
}

test("[G3] [P-SHIELD-SAME] after kill -9 in mid-run the profile is what it was, and the run is where it was", {
  timeout: 120_000,
}, async () => {
  await using folder = await createFolder();
  const args = [join(folder.path, "holdpoint.db"), Buffer.alloc(32, 8).toString("base64url")];
  const port = String(await findFreePort());
  const first = await startServer([...args, port]);
  await allowChanges(first);
  await lockBaseline(first, first.hp);
  await enforce(first);
  const step = { service: "deploy", runId: "cut-in-two" };
  first.hp.observe({ ...step, action: "read_logs", payload: { lines: 200 } });
  expect(await first.hp.flush({ timeoutMs: 30_000 })).toMatchObject({ dropped: 0, pending: 0 });
  const before = await readShield(first);
  first.child.process.kill("SIGKILL");
  expect(await first.child.ended).toBe("SIGKILL");

  const second = await startServer([...args, port]);
  await using _ = second.child;
  const { graph, entropy, baseline, mode } = await readShield(second);
  expect({ graph, entropy, baseline, mode }).toEqual({
    graph: before.graph,
    entropy: before.entropy,
    baseline: before.baseline,
    mode: "enforce",
  });
  // By the agent that began the run: its key is of the first life.
  const hp = first.hp;
  const { id } = await hp.defer({ ...step, action: "apply", payload: { module: "web" } });
  expect((await readRequest(second, id)).shield).toMatchObject({
    after: "read_logs",
    effect: "held",
  });
});

async function startServer(args: readonly string[]): Promise<Server> {
  const child = startChild("harness/server.ts", {}, args);
  const { url, apiKey, operatorToken } = JSON.parse(await child.nextLine()) as {
    readonly url: string;
    readonly apiKey: string;
    readonly operatorToken: string;
  };
  return {
    child,
    hp: new Holdpoint({ baseUrl: url, apiKey }),
    operate: (path, init = {}) =>
      fetch(`${url}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${operatorToken}`, "content-type": "application/json" },
      }),
  };
}
