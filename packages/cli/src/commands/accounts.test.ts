import type {
  WireApiKey,
  WireOperator,
  WireSigningKey,
  WireSigningKeys,
} from "@holdpoint/protocol";
import { afterAll, beforeAll, expect, it } from "vitest";
import { agentOf, dropTable } from "../fixtures/agent.js";
import { type Development, holdpoint, startOwnDev } from "../fixtures/holdpoint.js";

let dev: Development;

beforeAll(async () => {
  dev = await startOwnDev();
});

afterAll(() => dev[Symbol.asyncDispose]());

const run = (...argv: string[]) => holdpoint(argv, { cwd: dev.cwd });

async function runJson<Answer>(...argv: string[]): Promise<Answer> {
  const { exitCode, stdout, stderr } = await run(...argv, "--json");
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(stdout) as Answer;
}

it("makes a key that works, lists it without its secret, and revokes it", async () => {
  const key = await runJson<WireApiKey & { api_key: string }>(
    ...["keys", "create", "--agent", "billing-bot", "--expires", "30d"],
  );
  const agent = agentOf({ ...dev, ready: { ...dev.ready, apiKey: key.api_key } });
  await agent.defer(dropTable);

  const list = await run("keys", "ls");
  expect(list.stdout).toContain(key.id);
  expect(list.stdout).toContain("billing-bot");
  expect(list.stdout).toContain("expires in 29d");
  expect(list.stdout).not.toContain(key.api_key);

  expect((await run("keys", "revoke", key.id)).stdout).toContain(`Revoked ${key.id}`);
  await expect(agent.defer(dropTable)).rejects.toMatchObject({ code: "CREDENTIAL_INVALID" });
  expect((await run("keys", "ls")).stdout).toMatch(new RegExp(`^${key.id} .* revoked `, "m"));
});

it("prints a new key as lines to copy", async () => {
  const { stdout } = await run("keys", "create", "--agent", "reader", "--scopes", "requests:read");
  expect(stdout).toMatch(/^ {2}export HOLDPOINT_API_KEY=hp_/m);
  expect(stdout).toContain(`export HOLDPOINT_URL=${dev.ready.url}`);
});

it.each([
  [["keys", "create"], 2],
  [["keys", "rotate-signing", "--purpose", "webhooks"], 2],
  [["keys", "create", "--agent", "a", "--scopes", "requests:decide"], 2],
  [["keys", "create", "--agent", "a", "--expires", "soon"], 2],
  [["keys", "revoke", "key_01h455vb4pex5vsknk084sn02q"], 4],
  [["operators", "link", "nobody@example.com"], 4],
  [["operators", "invite", "not-an-address"], 2],
] as const)("ends %j with %i", async (argv, exitCode) => {
  expect(await run(...argv)).toMatchObject({ exitCode, stdout: "" });
});

it.each(["encryption", "master"])("draws a fresh %s key each time", async (kind) => {
  const [first, second] = await Promise.all([run("keys", kind), run("keys", kind)]);
  expect(first.stdout).toMatch(/^[A-Za-z0-9_-]{43}\n$/);
  expect(first.stdout).not.toBe(second.stdout);
});

it.each(["receipt", "log", "lease"])(
  "replaces the key that signs for %s, and says so",
  async (purpose) => {
    const readKeys = async () => {
      const answer = await fetch(`${dev.ready.url}/.well-known/jwks.json`);
      const { keys } = (await answer.json()) as WireSigningKeys;
      return keys.filter((key) => key.holdpoint_purpose === purpose);
    };
    const [before] = await readKeys();
    const made = await runJson<WireSigningKey>("keys", "rotate-signing", "--purpose", purpose);
    const [current, retired] = await readKeys();
    expect(current).toEqual(made);
    expect(retired?.kid).toBe(before?.kid);
    expect(retired?.holdpoint_not_after).toBeDefined();
    const { stdout } = await run("keys", "rotate-signing", "--purpose", purpose);
    expect(stdout).toMatch(/^✓ New key for .*: [\w-]{43}$/m);
    expect(stdout).toContain(`${made.kid} stays valid for a minute`);
  },
);

it("invites an operator, lists everybody and makes links", async () => {
  const invited = await runJson<WireOperator & { sign_in: { url: string } }>(
    ...["operators", "invite", "ada@example.com", "--roles", "approver,finance", "--name", "Ada"],
  );
  expect(invited).toMatchObject({ email: "ada@example.com", roles: ["approver", "finance"] });
  expect(invited.sign_in.url).toContain("/sign-in#token=");

  const { stdout } = await run("operators", "ls");
  expect(stdout).toMatch(/ada@example\.com +Ada +approver finance/);
  const own = await runJson<{ url: string }>("operators", "link");
  const hers = await runJson<{ url: string }>("operators", "link", "ADA@example.com");
  expect(hers.url).toContain(`${dev.ready.url}/sign-in#token=`);
  expect(hers.url).not.toBe(own.url);
});
