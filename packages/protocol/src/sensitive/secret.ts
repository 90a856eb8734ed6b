/** The line a private key begins with: PKCS #1 and #8, SEC 1, OpenSSH and OpenPGP. */
const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----/;

/**
 * Tokens that say by their beginning what they are. Each asks for as many characters as make one, and
 * for no more, so that nothing is read twice.
 *
 * @see https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
 * @see https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml
 */
const ACCESS_TOKENS: readonly string[] = [
  // Holdpoint: of agents, operators and enrolments
  "hp_[0-9a-z]{26}_[\\w-]{43}",
  "hp[oe]_[\\w-]{43}",
  // GitHub, GitLab
  "gh[oprsu]_[A-Za-z0-9]{36}",
  "github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}",
  "gl(?:pat|dt|rt|cbt|ptt|soat)-[\\w-]{20}",
  // OpenAI, Anthropic and others after them
  "sk-[A-Za-z0-9]{20}",
  "sk-(?:proj|svcacct|admin|or-v1|ant-[a-z]{3,5}\\d\\d)-[\\w-]{20}",
  "hf_[A-Za-z]{34}",
  // Stripe, and secrets of Standard Webhooks
  "[rs]k_(?:live|test|prod)_[A-Za-z0-9]{16}",
  "whsec_[A-Za-z0-9+/]{24}",
  // Slack
  "xox[abeoprs]-[A-Za-z0-9-]{10}",
  "xapp-\\d-[A-Z0-9]{9,12}-\\d{10}",
  // Amazon, Google, DigitalOcean, Databricks
  "(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])",
  "AIza[\\w-]{35}",
  "ya29\\.[\\w-]{30}",
  "GOCSPX-[\\w-]{28}",
  "do[opr]_v1_[a-f0-9]{64}",
  "dapi[a-f0-9]{32}",
  // Registries
  "npm_[A-Za-z0-9]{36}",
  "pypi-AgEIcHlwaS5vcmc[\\w-]{50}",
  // Shopify, SendGrid
  "shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}",
  "SG\\.[\\w-]{20,24}\\.[\\w-]{39,50}",
  // JSON Web Tokens with a signature: header and claims are objects, `{"` in base64url (RFC 7519)
  "eyJ[\\w-]{10,}\\.eyJ[\\w-]{8,}\\.[\\w-]{20}",
];

const ACCESS_TOKEN = /* @__PURE__ */ new RegExp(`(?<![\\w-])(?:${ACCESS_TOKENS.join("|")})`);

/** Whether a text has a private key in PEM or in OpenPGP's armour. */
export function hasPrivateKey(text: string): boolean {
  return PRIVATE_KEY.test(text);
}

/** Whether a text has a token in it that is known by how it begins. */
export function hasAccessToken(text: string): boolean {
  return ACCESS_TOKEN.test(text);
}
