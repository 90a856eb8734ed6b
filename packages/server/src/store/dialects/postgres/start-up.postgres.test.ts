import { createDatabase } from "@holdpoint/test-postgres";
import pg from "pg";
import { expect, inject, it } from "vitest";
import { createMasterKey } from "../../conformance/fixture.js";
import { createPostgresStore } from "../../postgres.js";

const open = (connectionString: string) =>
  createPostgresStore({ connectionString, masterKeys: [createMasterKey()] });

async function run(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

function change(url: string, parts: Partial<Record<"password" | "pathname" | "port", string>>) {
  return Object.assign(new URL(url), parts).href;
}

it("says what is wrong with an address, never the password", async () => {
  const url = await createDatabase(inject("postgres"));
  const secret = "correct-horse-battery";
  const cases = [
    [change(url, { password: secret }), "DATABASE_REFUSED", /refused.*password/],
    [change(url, { pathname: "/absent" }), "DATABASE_REFUSED", /create database absent/],
    [change(url, { port: "1" }), "DATABASE_UNREACHABLE", /127\.0\.0\.1:1.*ECONNREFUSED/],
    [`${url}?sslmode=require`, "DATABASE_UNREACHABLE", /encrypted.*sslmode/],
    [`postgres://ada:${secret}@[/`, "DATABASE_REFUSED", /percent-encoding/],
  ] as const;
  for (const [address, code, words] of cases) {
    const error = await open(address).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error).toMatchObject({ code });
    expect(error?.message).toMatch(words);
    const password = decodeURIComponent(new URL(url).password);
    for (const hidden of [secret, password]) expect(error?.message).not.toContain(hidden);
  }
});

it("refuses a database that is not in UTF-8", async () => {
  const { adminUrl } = inject("postgres");
  const url = await createDatabase(inject("postgres"));
  const name = `${new URL(url).pathname.slice(1)}_latin`;
  await run(adminUrl, `create database ${name} encoding 'LATIN1' locale 'C' template template0`);
  await expect(open(change(url, { pathname: `/${name}` }))).rejects.toMatchObject({
    code: "DATABASE_UNSUITABLE",
    message: expect.stringContaining("UTF8, found LATIN1"),
  });
});

it("says what a user lacks who may not make tables", async () => {
  const url = await createDatabase(inject("postgres"));
  const role = `guest_${new URL(url).pathname.slice(1)}`;
  await run(url, `create role ${role} login password 'guest'`);
  const guest = Object.assign(new URL(url), { username: role, password: "guest" }).href;
  await expect(open(guest)).rejects.toMatchObject({
    code: "DATABASE_UNSUITABLE",
    message: expect.stringContaining("owner to"),
  });
});

it("refuses a database written with another master key, also when both start together", async () => {
  const url = await createDatabase(inject("postgres"));
  const opened = await Promise.allSettled([open(url), open(url)]);
  const reasons = opened.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  expect(reasons).toMatchObject([{ code: "MASTER_KEY_WRONG" }]);
  for (const one of opened) if (one.status === "fulfilled") await one.value.close();
});

it("waits for the disk, whatever the database is set to", async () => {
  const url = await createDatabase(inject("postgres"));
  const name = new URL(url).pathname.slice(1);
  await run(
    url,
    `alter database ${name} set synchronous_commit = off`,
    `alter database ${name} set default_transaction_isolation = 'serializable'`,
  );
  await using store = await open(url);
  const setting = (name: string) =>
    store.auth.db
      .selectNoFrom(({ fn, val }) => fn<string>("current_setting", [val(name)]).as("value"))
      .executeTakeFirstOrThrow();
  expect(await setting("synchronous_commit")).toEqual({ value: "on" });
  expect(await setting("default_transaction_isolation")).toEqual({ value: "read committed" });
});
