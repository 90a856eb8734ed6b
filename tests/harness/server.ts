// A control plane in a process of its own, to be killed. Arguments: database file or postgres://
// address, master key, port. Prints one line of JSON when it listens: {"url","apiKey","operatorToken"}.
import { createControlPlane } from "@holdpoint/server";

const [path = "", masterKey = "", port = "0"] = process.argv.slice(2);
const isPostgres = path.startsWith("postgres:");
const plane = await createControlPlane({
  storage: isPostgres ? { kind: "postgres", url: path } : { kind: "sqlite", path },
  ...(isPostgres && { blobs: { kind: "memory" } as const }),
  masterKey,
  rateLimits: false,
  logger: { info() {}, warn() {}, error() {} },
});
const { projectId, operatorId } = await plane.admin.bootstrap({
  email: "ada@example.com",
  name: "Ada Lovelace",
  projectName: "Acme",
});
const { url } = await plane.start({ port: Number(port), hostname: "127.0.0.1" });
const { apiKey } = await plane.admin.createApiKey(projectId, { agent: "billing-bot" });
const { token } = await plane.admin.createOperatorToken(projectId, operatorId, { name: "test" });
console.log(JSON.stringify({ url, apiKey, operatorToken: token }));
