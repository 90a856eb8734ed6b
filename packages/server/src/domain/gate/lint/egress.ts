import type { ActionManifest, EgressRule } from "@holdpoint/protocol/gate";
import { isPublicHost } from "../../../network/address.js";
import { error, type Finding, warning } from "./finding.js";

/** Whether the rule of egress is one that can be kept, and is not wider than it looks. */
export function checkEgress({ egress, provider }: ActionManifest): readonly Finding[] {
  if (egress === "none") {
    if (provider.type === "wasm") return [];
    return [error("/egress", "Expected the domains it reaches, got none: the action is a call.")];
  }
  return [...checkDomains(egress), ...checkPorts(egress), ...checkPrivate(egress)];
}

function checkDomains({ domains, allow_private: isPrivate }: EgressRule): readonly Finding[] {
  return domains.flatMap((domain, index) => {
    const path = `/egress/domains/${index}`;
    const name = domain.replace(/^\*\./, "");
    if (!isSpelledAsRead(name)) {
      const message = "Expected a host name or an IPv4 address as four numbers with dots.";
      return [error(path, message)];
    }
    if (domain.startsWith("*.") && !name.includes(".")) {
      return [warning(path, `Everything below ${name} is whatever anybody registers there.`)];
    }
    if (isPrivate === true || isPublicHost(name)) return [];
    return [error(path, `Expected a host on the public internet, got ${name}.`)];
  });
}

/** The parser of URLs reads `2130706433` and `0177.1` as `127.0.0.1`: no call would match them. */
function isSpelledAsRead(name: string): boolean {
  return URL.canParse(`https://${name}`) && new URL(`https://${name}`).hostname === name;
}

function checkPorts({ ports = [], allow_private: isPrivate }: EgressRule): readonly Finding[] {
  const at = ports.indexOf(80);
  if (at === -1 || isPrivate === true) return [];
  return [error(`/egress/ports/${at}`, "Expected a port that speaks TLS, got 80.")];
}

function checkPrivate({ allow_private: isPrivate }: EgressRule): readonly Finding[] {
  if (isPrivate !== true) return [];
  return [
    warning(
      "/egress/allow_private",
      "It reaches private networks, in clear too: for development. Other control planes refuse it.",
    ),
  ];
}
