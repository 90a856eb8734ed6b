/** Run by processes.test.ts: `hold` opens a store and stays, `load` works until it is killed. */
import { writeSync } from "node:fs";
import { approval, createTenant } from "../../conformance/fixture.js";
import { createSqliteStore } from "../../sqlite.js";

const [, , mode, path = ""] = process.argv;
const say = (line: string) => writeSync(1, `${line}\n`);

try {
  const masterKeys = [process.env.MASTER_KEY ?? ""];
  const store = await createSqliteStore({ storage: { path }, masterKeys });
  if (mode === "load") {
    const tenant = await createTenant(store);
    const { projectId } = tenant;
    const work = async () => {
      for (;;) {
        const { id } = tenant.draft();
        await store.requests.create(tenant.draft({ id }));
        say(`${projectId} ${id} PENDING.`);
        await store.requests.resolve(projectId, id, 1, approval(tenant));
        say(`${projectId} ${id} APPROVED.`);
      }
    };
    await Promise.all(Array.from({ length: 16 }, work));
  }
  say("open");
  setInterval(() => {}, 60_000);
} catch (error) {
  say(String((error as { code?: unknown }).code ?? error));
}
