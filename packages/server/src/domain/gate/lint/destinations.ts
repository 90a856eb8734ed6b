import type { ActionManifest, EgressRule, HttpMethod } from "@holdpoint/protocol/gate";
import { destinationOf, isWithin } from "../manifest.js";
import { error, type Finding, warning } from "./finding.js";

const HTTPS_PORT = 443;
const PORTS: Readonly<Record<string, number>> = { "https:": HTTPS_PORT, "http:": 80 };

/** Every URL of a manifest leads to where its egress lets it. */
export function checkDestinations(manifest: ActionManifest): readonly Finding[] {
  const { provider, verification, egress } = manifest;
  if (egress === "none") return [];
  const findings: Finding[] = [];
  if (provider.type !== "wasm") {
    findings.push(...checkDestination("/provider/url", provider.url, manifest, egress));
  }
  if (provider.type === "http") findings.push(...checkMethod(provider.method, egress));
  if (verification.type === "read_back") {
    findings.push(...checkDestination("/verification/url", verification.url, manifest, egress));
  }
  return findings;
}

function checkDestination(
  path: string,
  template: string,
  { secrets = [] }: ActionManifest,
  egress: EgressRule,
): readonly Finding[] {
  const destination = destinationOf(template);
  if (destination.kind === "nowhere") {
    return [error(path, "Expected a whole URL, for example https://api.example.com/things/{id}.")];
  }
  if (destination.kind === "fixed") return checkOrigin(path, destination.url, egress);
  const { scheme } = destination;
  if (scheme !== undefined && !isSchemeAllowed(scheme, egress)) return [insecure(path)];
  const sent = secrets.length > 0 ? ", with the secrets" : "";
  const message = `Parameters choose the host: the agent may call any of the domains of egress${sent}.`;
  return [warning(path, message)];
}

function checkOrigin(path: string, url: URL, egress: EgressRule): readonly Finding[] {
  const { hostname, port, protocol, username, password } = url;
  const findings: Finding[] = [];
  if (!isSchemeAllowed(protocol, egress)) findings.push(insecure(path));
  if (username !== "" || password !== "") {
    findings.push(error(path, "Expected a URL without user name and password. Use a secret."));
  }
  if (!egress.domains.some((domain) => isWithin(hostname, domain))) {
    const message = `Expected a host among the domains of egress, got ${hostname}. Add it there.`;
    findings.push(error(path, message));
  }
  const reached = port === "" ? PORTS[protocol] : Number(port);
  const ports = egress.ports ?? [HTTPS_PORT];
  if (reached !== undefined && isSchemeAllowed(protocol, egress) && !ports.includes(reached)) {
    findings.push(error(path, `Expected a port among ${ports.join(", ")}, got ${reached}.`));
  }
  return findings;
}

function checkMethod(method: HttpMethod, { methods }: EgressRule): readonly Finding[] {
  if (methods === undefined || methods.includes(method)) return [];
  return [error("/egress/methods", `Expected ${method} among them: the action itself uses it.`)];
}

function isSchemeAllowed(scheme: string, { allow_private: isPrivate }: EgressRule): boolean {
  return scheme === "https:" || (scheme === "http:" && isPrivate === true);
}

function insecure(path: string): Finding {
  return error(path, "Expected https: what an action sends does not travel in clear.");
}
