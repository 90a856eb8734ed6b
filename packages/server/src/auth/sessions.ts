import type { AuthDatabase } from "../store/database.js";

/** A sign-in link lives 15 minutes and works once. */
const LINK_SECONDS = 900;
/** A session lives 30 days from sign-in, however much it is used. */
const SESSION_SECONDS = 2_592_000;

/** better-auth puts `__Secure-` before it on https. */
const SESSION_COOKIE = "holdpoint.session_token=";

/** Operators' sign-in: better-auth behind the few verbs we need. It never makes an operator. */
export interface Sessions {
  /** A one-time token for this e-mail address, and when it ends. */
  createLinkToken(email: string): Promise<{ readonly token: string; readonly expiresAt: number }>;
  /** Spends the token. `undefined`: unknown, used or expired. */
  signIn(
    token: string,
  ): Promise<{ readonly operatorId: string; readonly cookies: readonly string[] } | undefined>;
  /** Who the session in a `Cookie` header belongs to; `undefined` when there is none that is valid. */
  findOperatorId(cookie: string | undefined): Promise<string | undefined>;
  /** Ends the session and returns the cookies that clear it. */
  signOut(cookie: string | undefined): Promise<readonly string[]>;
}

export interface SessionsOptions {
  readonly database: AuthDatabase;
  /** Signs the session cookie. */
  readonly secret: string;
  readonly publicUrl: () => string;
}

/** better-auth takes a third of a second to load, so it is loaded by the first who signs in. */
export function createSessions(options: SessionsOptions): Sessions {
  let loading: ReturnType<typeof createBetterAuth> | undefined;
  const load = () => {
    loading ??= createBetterAuth(options);
    return loading;
  };
  return {
    async createLinkToken(email) {
      const { api } = await load();
      let token: string | undefined;
      const deliver = (made: string) => {
        token = made;
      };
      await api.signInMagicLink({ body: { email, metadata: { deliver } }, headers: new Headers() });
      if (token === undefined) throw new Error("better-auth made no sign-in token");
      return { token, expiresAt: Date.now() + LINK_SECONDS * 1_000 };
    },
    async signIn(token) {
      const { api } = await load();
      const response = await api.magicLinkVerify({
        query: { token },
        headers: new Headers(),
        asResponse: true,
      });
      if (response.status !== 200) return undefined;
      const { user } = (await response.json()) as { user: { id: string } };
      return { operatorId: user.id, cookies: response.headers.getSetCookie() };
    },
    async findOperatorId(cookie) {
      if (!cookie?.includes(SESSION_COOKIE)) return undefined;
      const { api } = await load();
      const session = await api.getSession({ headers: new Headers({ cookie }) });
      return session?.user.id;
    },
    async signOut(cookie = "") {
      const { api } = await load();
      const headers = new Headers({ cookie });
      const response = await api.signOut({ headers, asResponse: true });
      return response.headers.getSetCookie();
    },
  };
}

async function createBetterAuth({ database, secret, publicUrl }: SessionsOptions) {
  const [{ betterAuth }, { kyselyAdapter }, { magicLink }] = await Promise.all([
    import("better-auth/minimal"),
    import("@better-auth/kysely-adapter"),
    import("better-auth/plugins/magic-link"),
  ]);
  const baseURL = publicUrl();
  return betterAuth({
    baseURL,
    basePath: "/auth",
    secret,
    database: kyselyAdapter(database.db, { type: database.type }),
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    advanced: {
      cookiePrefix: "holdpoint",
      useSecureCookies: baseURL.startsWith("https:"),
      ipAddress: { disableIpTracking: true },
    },
    plugins: [
      magicLink({
        disableSignUp: true,
        expiresIn: LINK_SECONDS,
        storeToken: "hashed",
        sendMagicLink({ token, metadata }) {
          (metadata as { deliver: (token: string) => void }).deliver(token);
        },
      }),
    ],
  });
}
