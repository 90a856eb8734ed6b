import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import { expect, test } from "vitest";

/** The root entry with everything it imports statically: what a page loads before the first call. */
const LIMIT_BYTES = 11_000;

async function bundle() {
  return build({
    entryPoints: [new URL("./index.ts", import.meta.url).pathname],
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    conditions: ["@holdpoint/source"],
    outdir: "bundle",
    logLevel: "silent",
  });
}

/** The entry's chunk and all chunks it cannot start without. */
function initialChunks({ outputs }: Metafile): string[] {
  const isEntry = (path: string) => outputs[path]?.entryPoint?.endsWith("src/index.ts");
  const chunks = new Set(Object.keys(outputs).filter(isEntry));
  for (const chunk of chunks) {
    for (const { kind, path } of outputs[chunk]?.imports ?? []) {
      if (kind === "import-statement") chunks.add(path);
    }
  }
  return [...chunks];
}

function packagesOf(paths: readonly string[]): string[] {
  const names = paths.flatMap(
    (path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  return [...new Set(names)].sort();
}

test("[S-SMALL] the root entry holds neither zod, jose, a validator nor anything of Node", async () => {
  // esbuild itself fails on a `node:` import here, in lazy parts too.
  const { metafile } = await bundle();
  const inputs = initialChunks(metafile).flatMap((chunk) =>
    Object.keys(metafile.outputs[chunk]?.inputs ?? {}),
  );
  expect(packagesOf(inputs)).toEqual([]);
  expect(Object.keys(metafile.inputs).filter((path) => path.startsWith("node:"))).toEqual([]);
});

test(`[S-SMALL] the root entry is at most ${LIMIT_BYTES} bytes, minified and compressed`, async () => {
  const { metafile, outputFiles } = await bundle();
  const sizes = initialChunks(metafile).map((chunk) => {
    const file = outputFiles.find(({ path }) => path.endsWith(`/${chunk}`));
    return file ? gzipSync(file.contents, { level: 9 }).length : Number.NaN;
  });
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(LIMIT_BYTES);
});

test("[S-SMALL] no late-loaded part cuts the root into pieces", async () => {
  const { metafile } = await bundle();
  const own = initialChunks(metafile).filter((chunk) =>
    Object.keys(metafile.outputs[chunk]?.inputs ?? {}).some((path) => path.startsWith("src/")),
  );
  // The entry with its names, and the code. More: a late part imports past core.ts.
  expect(own).toHaveLength(2);
});
