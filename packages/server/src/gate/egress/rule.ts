import type {
  ActionEgress,
  ActionProvider,
  EgressRule,
  HttpMethod,
} from "@holdpoint/protocol/gate";
import { isWithin } from "../../domain/gate/manifest.js";
import { isPublicHost } from "../../network/address.js";
import { refuse } from "../fault.js";

const DEFAULT_PORTS: readonly number[] = [443];

/** Where one action may go, on this control plane. */
export interface Egress {
  /** This machine and private networks, and plain HTTP: the manifest and the control plane say so. */
  readonly allowsPrivate: boolean;
  /** @throws {FaultError} `egress_refused`. What the host's name leads to is checked when connecting. */
  assertAllowed(url: URL, method: HttpMethod): void;
}

/**
 * @param methods - Those that may be used.
 * @param allowPrivateEgress - Whether the control plane lets manifests reach private networks.
 */
export function createEgress(
  egress: ActionEgress,
  methods: readonly HttpMethod[],
  allowPrivateEgress: boolean,
): Egress {
  if (egress === "none") return refusing("Expected an action that may call out; this one may not.");
  const allowsPrivate = egress.allow_private === true;
  if (allowsPrivate && !allowPrivateEgress) return refusing(PRIVATE);
  return {
    allowsPrivate,
    assertAllowed(url, method) {
      if (!methods.includes(method)) {
        throw refuse("egress_refused", `Expected a method that the action may use, got ${method}.`);
      }
      const problem = urlProblem(url, egress, allowsPrivate);
      if (problem !== undefined) throw refuse("egress_refused", problem);
    },
  };
}

const PRIVATE = "Expected a host on the public internet.";

function refusing(problem: string): Egress {
  return {
    allowsPrivate: false,
    assertAllowed() {
      throw refuse("egress_refused", problem);
    },
  };
}

/**
 * The methods of an action. A module names its own when it runs: where the manifest lists none, it may
 * only read.
 */
export function methodsOf(egress: ActionEgress, provider: ActionProvider): readonly HttpMethod[] {
  if (egress !== "none" && egress.methods !== undefined) return egress.methods;
  if (provider.type === "http") return [provider.method];
  return provider.type === "mcp" ? ["POST", "DELETE"] : ["GET", "HEAD"];
}

function urlProblem(url: URL, egress: EgressRule, allowsPrivate: boolean): string | undefined {
  const { protocol, hostname, username, password } = url;
  if (username !== "" || password !== "") return "Expected a URL without user name and password.";
  if (protocol !== "https:" && !(protocol === "http:" && allowsPrivate)) return "Expected https.";
  if (!(egress.ports ?? DEFAULT_PORTS).includes(portOf(url))) {
    return "Expected a port that the action may reach.";
  }
  if (!egress.domains.some((domain) => isWithin(hostname, domain))) {
    return "Expected a host that the action may reach.";
  }
  if (!allowsPrivate && !isPublicHost(hostname)) return PRIVATE;
  return undefined;
}

function portOf({ protocol, port }: URL): number {
  if (port !== "") return Number(port);
  return protocol === "https:" ? 443 : 80;
}
