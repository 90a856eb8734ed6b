import { build } from "esbuild";
import { expect, test } from "vitest";

async function bundledFiles(entry: string): Promise<string[]> {
  const result = await build({
    entryPoints: [new URL(entry, import.meta.url).pathname],
    bundle: true,
    write: false,
    platform: "browser",
    format: "esm",
    metafile: true,
  });
  return Object.keys(result.metafile.inputs);
}

async function bundledPackages(entry: string): Promise<string[]> {
  const names = (await bundledFiles(entry)).flatMap(
    (path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  return [...new Set(names)].sort();
}

test("[S-SMALL] the root entry bundles for browsers without zod and jose", async () => {
  expect(await bundledPackages("./index.ts")).toEqual(["canonicalize"]);
});

test("the envelope entry bundles for browsers with jose only", async () => {
  expect(await bundledPackages("./envelope/index.ts")).toEqual(["jose"]);
});

test("the receipt entry bundles for browsers with hashes, signatures and canonical JSON only", async () => {
  expect(await bundledPackages("./receipt/index.ts")).toEqual([
    "@noble/hashes",
    "canonicalize",
    "jose",
  ]);
});

test("the state entry bundles for browsers with no package at all", async () => {
  expect(await bundledPackages("./state/index.ts")).toEqual([]);
});

test("the spend entry bundles for browsers with its calendar only", async () => {
  expect(await bundledPackages("./spend/index.ts")).toEqual([
    "temporal-polyfill",
    "temporal-utils",
  ]);
});

test("[S-SMALL] no other entry than those of money and schemas carries what judges a purchase", async () => {
  const entries = [
    "index",
    "core",
    "envelope/index",
    "state/index",
    "receipt/index",
    "escrow/index",
  ];
  for (const entry of entries) {
    const files = await bundledFiles(`./${entry}.ts`);
    expect(
      files.filter((file) => /src\/spend\/(?!wire|policy|amount|currency)/.test(file)),
    ).toEqual([]);
  }
});

test("[S-SMALL] the client's part of spend bundles for browsers with no package at all", async () => {
  expect(await bundledPackages("./spend/core.ts")).toEqual([]);
});

test("the escrow entry bundles for browsers with signatures and canonical JSON only", async () => {
  expect(await bundledPackages("./escrow/index.ts")).toEqual(["canonicalize", "jose"]);
});
