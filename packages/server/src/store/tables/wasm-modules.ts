import type { Database } from "../database.js";
import type { WasmModuleStore } from "../verbs/actions.js";

/** Modules of one project. They stay: any version of an action may need its own. */
const MAX_MODULES = 200;

export function createWasmModuleStore({ read, write, dialect }: Database): WasmModuleStore {
  return {
    put: ({ bytes, ...module }) =>
      write(async ({ db }) => {
        const { projectId, digest, createdAt } = module;
        // Of two at once that add the last one, one counts the other.
        await dialect.lockName(db, `modules of ${projectId}`, "alone");
        const kept = await db
          .selectFrom("wasm_modules")
          .select(["digest", "created_at"])
          .where("project_id", "=", projectId)
          .execute();
        const standing = kept.find((row) => row.digest === digest);
        if (standing !== undefined) {
          return { ...module, createdAt: dialect.decodeInteger(standing.created_at) };
        }
        if (kept.length >= MAX_MODULES) return "too_many";
        await db
          .insertInto("wasm_modules")
          .values({ project_id: projectId, digest, created_at: createdAt, bytes })
          .execute();
        return module;
      }),
    async find(projectId, digest) {
      const row = await read(({ db }) =>
        db
          .selectFrom("wasm_modules")
          .select("bytes")
          .where("project_id", "=", projectId)
          .where("digest", "=", digest)
          .executeTakeFirst(),
      );
      return row?.bytes;
    },
  };
}
