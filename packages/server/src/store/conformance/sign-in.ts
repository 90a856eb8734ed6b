import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { magicLink } from "better-auth/plugins";
import { typeidUnboxed } from "typeid-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DatabaseStore } from "../assemble.js";
import { createMasterKey, createTenant, makeOperator } from "./fixture.js";

/** That the sign-in library finds its tables in our schema, and works beside the store. */
export function testSignIn(name: string, makeStore: () => Promise<DatabaseStore>): void {
  describe(`sign-in on ${name}`, () => {
    let store: DatabaseStore;
    beforeAll(async () => {
      store = await makeStore();
    });
    afterAll(() => store.close());

    it("has every table and column that better-auth expects", async () => {
      const { toBeAdded, toBeCreated } = await getMigrations(authOptions(store, new Map()));
      expect({ toBeAdded, toBeCreated }).toEqual({ toBeAdded: [], toBeCreated: [] });
    });

    it("signs operators in by link while requests are being made", async () => {
      const links = new Map<string, string>();
      const auth = betterAuth(authOptions(store, links));
      const tenant = await createTenant(store);
      const operators = await Promise.all(
        Array.from({ length: 5 }, () => store.operators.ensure(makeOperator())),
      );
      const creating = Array.from({ length: 100 }, () => store.requests.create(tenant.draft()));
      const sessions = await Promise.all(
        operators.map(async ({ email }) => {
          await auth.api.signInMagicLink({ body: { email }, headers: new Headers() });
          const query = { token: links.get(email) ?? "" };
          return auth.api.magicLinkVerify({ query, headers: new Headers() });
        }),
      );
      const made = await Promise.all(creating);
      expect(made.every(({ outcome }) => outcome === "created")).toBe(true);
      expect(sessions.map(({ user }) => user.id)).toEqual(operators.map(({ id }) => id));
    });
  });
}

function authOptions(store: DatabaseStore, links: Map<string, string>) {
  return {
    baseURL: "http://localhost",
    secret: createMasterKey(),
    logger: { disabled: true },
    database: store.auth,
    advanced: { database: { generateId: () => typeidUnboxed("usr") } },
    plugins: [
      magicLink({
        disableSignUp: true,
        sendMagicLink: ({ email, token }) => {
          links.set(email, token);
        },
      }),
    ],
  };
}
