import type { ActionManifest, SecretUse } from "@holdpoint/protocol/gate";
import { urlVariables } from "../manifest.js";
import { error, type Finding, warning } from "./finding.js";

/** Each secret goes to one place of the call, which nothing else fills. */
export function checkSecrets(manifest: ActionManifest): readonly Finding[] {
  const { secrets = [], egress, idempotency } = manifest;
  const headers = new Set(ownHeaders(manifest));
  const queries = new Set(ownQueries(manifest));
  const findings: Finding[] = [];
  if (idempotency !== undefined && headers.has(idempotency.header.toLowerCase())) {
    findings.push(
      error("/idempotency/header", "Expected a header that the call itself leaves free."),
    );
  }
  if (idempotency !== undefined) headers.add(idempotency.header.toLowerCase());
  if (secrets.length > 0 && egress === "none") {
    findings.push(error("/secrets", "Expected none where egress is none: nothing is sent."));
  }
  for (const [index, use] of secrets.entries()) {
    findings.push(...checkPlace(`/secrets/${index}`, use, headers, queries));
  }
  return findings;
}

function checkPlace(
  path: string,
  { header, query }: SecretUse,
  headers: Set<string>,
  queries: Set<string>,
): readonly Finding[] {
  if (header !== undefined) {
    const name = header.toLowerCase();
    if (headers.has(name)) {
      return [error(`${path}/header`, `Expected a header that nothing else sets, got ${header}.`)];
    }
    headers.add(name);
    return [];
  }
  if (query === undefined) return [];
  if (queries.has(query)) {
    return [error(`${path}/query`, `Expected a name that nothing else sets, got ${query}.`)];
  }
  queries.add(query);
  return [warning(`${path}/query`, "Services write queries to their logs. Prefer a header.")];
}

function ownHeaders({ provider }: ActionManifest): readonly string[] {
  if (provider.type !== "http") return [];
  return Object.keys(provider.headers ?? {}).map((name) => name.toLowerCase());
}

function ownQueries({ provider }: ActionManifest): readonly string[] {
  if (provider.type !== "http") return [];
  const [, literal = ""] = /\?([^#]*)/.exec(provider.url.replace(/\{[^{}]*\}/g, "")) ?? [];
  const names = (urlVariables(provider.url) ?? []).map(({ name }) => name);
  return [...new URLSearchParams(literal).keys(), ...names];
}
