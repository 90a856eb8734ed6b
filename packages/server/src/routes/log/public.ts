/**
 * Headers of what everybody may read, from any site: the log says nothing but to whoever holds a
 * receipt, and a browser that verifies one may stand anywhere.
 */
export const PUBLIC_HEADERS = {
  "Access-Control-Allow-Origin": "*",
  "X-Content-Type-Options": "nosniff",
} as const;
