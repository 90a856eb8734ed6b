const MASTER_KEY = /^[A-Za-z0-9_-]{43}$/;

/** What is wrong with a master key, if anything; never says any of it. */
export function masterKeyProblem(name: string, key: string | undefined): string | undefined {
  const make =
    "Make one with: node -e \"console.log(crypto.randomBytes(32).toString('base64url'))\"";
  if (key === undefined) return `${name} is not set. ${make}`;
  if (!MASTER_KEY.test(key)) {
    return `${name} is not a key: expected 32 bytes as base64url (43 characters), got ${key.length} characters. ${make}`;
  }
  const distinctBytes = new Set(Buffer.from(key, "base64url")).size;
  if (distinctBytes >= 8) return undefined;
  return `${name} is not random: its bytes repeat. ${make}`;
}

/** What is wrong with the address of a PostgreSQL database, if anything; never says any of it. */
export function databaseUrlProblem(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const example = "for example postgres://holdpoint:…@db.example.com:5432/holdpoint";
  if (!URL.canParse(text)) {
    return `HOLDPOINT_DATABASE_URL is not an address. Write it whole, with special characters of the password in percent-encoding, ${example}.`;
  }
  const { protocol, pathname } = new URL(text);
  if (protocol !== "postgres:" && protocol !== "postgresql:") {
    return `HOLDPOINT_DATABASE_URL is not the address of a PostgreSQL database, ${example}. Leave it out for the embedded database.`;
  }
  if (pathname.length > 1) return undefined;
  return `HOLDPOINT_DATABASE_URL names no database. Add its name, ${example}.`;
}

/** Sign-in cookies must not travel in clear, except on this machine. */
export function publicUrlProblem(text: string | undefined): string | undefined {
  if (text === undefined) {
    return "HOLDPOINT_PUBLIC_URL is not set. Set it to the address people open, for example https://holdpoint.example.com.";
  }
  if (!URL.canParse(text)) {
    return "HOLDPOINT_PUBLIC_URL is not an address. Write it whole, for example https://holdpoint.example.com.";
  }
  const { protocol, hostname, pathname, search, hash, username } = new URL(text);
  if (protocol !== "https:" && !(protocol === "http:" && isLoopback(hostname))) {
    return "HOLDPOINT_PUBLIC_URL is not https. Put a TLS proxy in front and set its https address; http is for localhost only.";
  }
  if (pathname === "/" && search === "" && hash === "" && username === "") return undefined;
  return "HOLDPOINT_PUBLIC_URL has more than scheme, host and port. The dashboard lives at the root of its host.";
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
