/** Characters of the part before `@`, and of a domain (RFC 5321 §4.5.3.1). */
const LOCAL_LENGTH = 64;
const DOMAIN_LENGTH = 255;

const LOCAL = /[A-Za-z0-9!#$%&'*+=?^_`{|}~.-]/;
const DOMAIN =
  /^[A-Za-z0-9][A-Za-z0-9-]*\.(?:[A-Za-z0-9-]+\.)*(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]+)(?![A-Za-z0-9])/;

/**
 * Whether a text has an e-mail address in it. Not one: `git@host:path`, the user of a URL, and
 * `icon@2x.png`.
 */
export function hasEmail(text: string): boolean {
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    if (isEmail(text, at)) return true;
  }
  return false;
}

function isEmail(text: string, at: number): boolean {
  const [domain] = DOMAIN.exec(text.slice(at + 1, at + 1 + DOMAIN_LENGTH)) ?? [];
  if (domain === undefined || /^\dx\./.test(domain)) return false;
  if (/^:[\w~/]/.test(text.slice(at + 1 + domain.length, at + 3 + domain.length))) return false;
  let start = at;
  while (start > 0 && at - start < LOCAL_LENGTH && LOCAL.test(text[start - 1] as string)) start--;
  return start < at && text[at - 1] !== "." && text[start - 1] !== "/";
}
