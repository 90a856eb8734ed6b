/**
 * What runs in the thread of a module, as plain JavaScript: a worker needs a file or a text, and a file
 * would have to be found from the source and from every form of the build.
 *
 * The functions of `extism:host/env` that reach outside are taken away, and `alloc` counts. There is no
 * WASI, so there is no clock, no file, no environment and no randomness either. Each message
 * `{ id, name, input }` is answered with `{ id, output }`, `{ id, missing: true }` or `{ id, failed: true }`.
 */
export const SANDBOX_SOURCE = `
const { parentPort, workerData } = require("node:worker_threads");
const { createPlugin } = require(workerData.extism);
const silent = { debug() {}, error() {}, info() {}, log() {}, trace() {}, warn() {} };
let left = workerData.maxBytes;
const refuse = () => { throw new Error("Expected a module that reaches nothing."); };
const env = {
  alloc(context, size) {
    left -= Number(size);
    if (!(left >= 0)) throw new Error("Expected a module that uses less memory.");
    return context.alloc(size);
  },
  http_request: refuse,
  http_status_code: refuse,
};
const opening = createPlugin(
  { wasm: [{ data: workerData.module }] },
  { useWasi: false, runInWorker: false, allowedHosts: [], allowedPaths: {}, config: {}, logger: silent,
    functions: { "extism:host/env": env } },
);
async function answer({ name, input }) {
  const plugin = await opening;
  if (!(await plugin.functionExists(name))) return { missing: true };
  const output = await plugin.call(name, input);
  return { output: output === null ? "" : output.text() };
}
opening.catch(() => {});
parentPort.on("message", (message) => {
  answer(message).then(
    (result) => parentPort.postMessage({ id: message.id, ...result }),
    () => parentPort.postMessage({ id: message.id, failed: true }),
  );
});
`;
