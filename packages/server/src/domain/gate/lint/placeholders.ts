import type { JsonValue } from "@holdpoint/protocol";
import type { ActionManifest } from "@holdpoint/protocol/gate";
import { listPlaceholders, propertyOf, urlVariables } from "../manifest.js";
import { error, type Finding, warning } from "./finding.js";

/** Everything that stands for a parameter is declared, and where it has to be there, required. */
export function checkPlaceholders(manifest: ActionManifest): readonly Finding[] {
  const { provider, verification } = manifest;
  const findings: Finding[] = [];
  if (provider.type === "http") {
    findings.push(
      ...checkUrl("/provider/url", provider.url, manifest),
      ...checkValue("/provider/headers", { ...provider.headers }, manifest),
      ...checkValue("/provider/body", provider.body ?? null, manifest),
    );
  } else if (provider.type === "mcp") {
    findings.push(
      ...checkFixed("/provider/url", provider.url),
      ...checkValue("/provider/arguments", provider.arguments ?? null, manifest),
    );
  }
  if (verification.type === "read_back") {
    findings.push(...checkUrl("/verification/url", verification.url, manifest, "output"));
    for (const [index, { value }] of verification.expect.entries()) {
      findings.push(...checkValue(`/verification/expect/${index}/value`, value, manifest));
    }
  }
  return findings;
}

/** @param also - Names that begin so are members of the output. */
function checkUrl(
  path: string,
  template: string,
  { parameters }: ActionManifest,
  also?: "output",
): readonly Finding[] {
  const variables = urlVariables(template);
  if (variables === undefined) {
    return [error(path, "Expected a URI Template (RFC 6570), for example https://a.example/{id}.")];
  }
  return variables.flatMap(({ name, isNeeded }) => {
    if (also !== undefined && name.startsWith(`${also}.`)) return [];
    const property = propertyOf(parameters, name);
    if (property === undefined) return [undeclared(path, name)];
    if (!isNeeded || property.isRequired) return [];
    const message = `Expected ${name} among the required parameters: without it the call is refused.`;
    return [warning(path, message)];
  });
}

function checkFixed(path: string, url: string): readonly Finding[] {
  if (!/[{}]/.test(url)) return [];
  return [error(path, "Expected a URL without parameters: a tool's server is always the same.")];
}

function checkValue(
  path: string,
  value: JsonValue,
  { parameters }: ActionManifest,
): readonly Finding[] {
  return listPlaceholders(value, path)
    .filter(({ name }) => name !== "*" && propertyOf(parameters, name) === undefined)
    .map((placeholder) => undeclared(placeholder.path, placeholder.name));
}

function undeclared(path: string, name: string): Finding {
  return error(path, `Expected ${name} among the properties of parameters. Declare it there.`);
}
