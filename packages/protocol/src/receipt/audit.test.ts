import { describe, expect, test } from "vitest";
import { type AuditLogOptions, auditLog } from "./audit.js";
import { ReceiptError } from "./error.js";
import { approval } from "./fixtures/content.js";
import {
  createSigningKey,
  logKey,
  logResources,
  receiptKey,
  signCheckpoint,
  signReceipt,
  trustedKeys,
  verifierKey,
} from "./fixtures/log.js";
import { importVerifierKey } from "./note.js";
import { entriesPath, tilePath, tileWidth } from "./tile.js";

const log = Array.from({ length: 700 }, (_, index) => signReceipt(approval(index), receiptKey));
const forked = log.with(300, signReceipt(approval(9_000), receiptKey));

async function audit(
  resources: ReadonlyMap<string, Buffer>,
  options: Partial<AuditLogOptions> = {},
) {
  const { logs } = await trustedKeys;
  return auditLog({ read: async (path) => resources.get(path), keys: logs, ...options });
}

async function refusalOf(...input: Parameters<typeof audit>): Promise<string> {
  try {
    await audit(...input);
    return "whole";
  } catch (error) {
    if (!(error instanceof ReceiptError)) throw error;
    return `${error.code}: ${error.fault} @ ${error.index}`;
  }
}

describe("[P-LOG] an audit", () => {
  test.each([0, 1, 255, 256, 257, 512, 700])(
    "of a log of %i entries follows every tile",
    async (size) => {
      const resources = logResources(log.slice(0, size), logKey);
      const progress: number[] = [];
      const audited = await audit(resources, { onProgress: (entries) => progress.push(entries) });
      expect(audited.checkpoint.size).toBe(size);
      expect(audited.note).toBe(resources.get("checkpoint")?.toString());
      const hashTiles = [...resources.keys()].filter((path) => /^tile\/\d/.test(path));
      expect(audited.tiles).toBe(hashTiles.length);
      expect(progress.at(-1) ?? 0).toBe(size);
    },
  );

  test("takes a full resource where the partial one is gone", async () => {
    const resources = logResources(log, logKey);
    resources.set("checkpoint", Buffer.from(signCheckpoint(log, logKey, { size: 300 })));
    resources.set(tilePath(1, 0, 1), (resources.get(tilePath(1, 0, 2)) as Buffer).subarray(0, 32));
    expect(await refusalOf(resources)).toBe("whole");
  });

  test("shows that the log has only grown since earlier checkpoints", async () => {
    const seen = [0, 1, 300, 512, 700].map((size) => signCheckpoint(log, logKey, { size }));
    const { contains } = await audit(logResources(log, logKey), { seen });
    expect(contains).toEqual([0, 1, 300, 512, 700]);
  });
});

describe("[P-LOG] a log that lies", () => {
  const resources = () => logResources(log, logKey);
  const changed = (path: string, offset: number) => {
    const map = resources();
    const bytes = Buffer.from(map.get(path) as Buffer);
    bytes[offset] = (bytes[offset] as number) ^ 1;
    return map.set(path, bytes);
  };
  const without = (path: string) => {
    const map = resources();
    map.delete(path);
    return map;
  };

  test.each([
    ["changed an entry", changed(entriesPath(1), 2 + 34 * 44), "tile_contradicted @ 300"],
    ["changed a tile", changed(tilePath(0, 1), 32 * 44), "tile_contradicted @ 300"],
    ["changed a higher tile", changed(tilePath(1, 0, 2), 32), "tile_contradicted @ 256"],
    [
      "cut a bundle",
      resources().set(entriesPath(0), Buffer.alloc(40)),
      "resource_missing @ undefined",
    ],
    ["withholds a bundle", without(entriesPath(1)), "resource_missing @ 256"],
    ["withholds a tile", without(tilePath(0, 2, 188)), "resource_missing @ 512"],
    [
      "signed a root that its entries do not make up",
      resources().set("checkpoint", Buffer.from(signCheckpoint(forked, logKey))),
      "root_contradicted @ undefined",
    ],
  ])("%s: LOG_FORKED", async (_name, map, expected) => {
    expect(await refusalOf(map)).toBe(`LOG_FORKED: ${expected}`);
  });

  test("showed somebody else another history", async () => {
    const seen = [signCheckpoint(forked, logKey, { size: 400 })];
    expect(await refusalOf(resources(), { seen })).toBe("LOG_FORKED: not_an_extension @ 400");
    const same = [signCheckpoint(forked, logKey)];
    expect(await refusalOf(resources(), { seen: same })).toBe("LOG_FORKED: not_an_extension @ 700");
    const before = [signCheckpoint(forked, logKey, { size: 300 })];
    expect(await refusalOf(resources(), { seen: before })).toBe("whole");
  });

  test("forgot what it had", async () => {
    const seen = [signCheckpoint(log, logKey)];
    const shorter = logResources(log.slice(0, 600), logKey);
    expect(await refusalOf(shorter, { seen })).toBe("LOG_FORKED: rolled_back @ 600");
  });

  test("is another one, or has no checkpoint we can trust", async () => {
    const stranger = createSigningKey();
    expect(await refusalOf(logResources(log, stranger))).toBe(
      "CHECKPOINT_INVALID: unknown_log_key @ undefined",
    );
    expect(await refusalOf(new Map())).toBe("CHECKPOINT_INVALID: not_a_note @ undefined");
    const origin = "other.example.com/log";
    const keys = [
      await importVerifierKey(verifierKey(logKey)),
      await importVerifierKey(verifierKey(stranger, origin)),
    ];
    const seen = [signCheckpoint(log, stranger, { origin })];
    expect(await refusalOf(resources(), { keys, seen })).toBe(
      "CHECKPOINT_INVALID: other_origin @ undefined",
    );
  });
});

test("paths of tiles are those of C2SP tlog-tiles", () => {
  expect(tilePath(0, 0)).toBe("tile/0/000");
  expect(tilePath(0, 1234067)).toBe("tile/0/x001/x234/067");
  expect(tilePath(63, 999, 255)).toBe("tile/63/999.p/255");
  expect(entriesPath(1000, 1)).toBe("tile/entries/x001/000.p/1");
  // "a tree of size 70,000 will be represented by 273 full level 0 tiles, …"
  expect([tileWidth(0, 272, 70_000), tileWidth(0, 273, 70_000), tileWidth(0, 274, 70_000)]).toEqual(
    [256, 112, 0],
  );
  expect([tileWidth(1, 0, 70_000), tileWidth(1, 1, 70_000)]).toEqual([256, 17]);
  expect([tileWidth(2, 0, 70_000), tileWidth(3, 0, 70_000)]).toEqual([1, 0]);
});
