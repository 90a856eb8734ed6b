import { NotConnectedError, Transport } from "../core.js";
import type { ClientParts } from "../late.js";
import { createIssuer } from "./lease.js";
import { Prover } from "./prover.js";
import { Session } from "./session.js";

/** What calls to the gate are made of. */
export interface Connection {
  readonly parts: ClientParts;
  readonly session: Session;
  /** Sends under the session's lease. */
  readonly transport: Transport;
}

/** By client: the gate and, with an agent's own key, every other call have one session. */
const connections = new WeakMap<ClientParts, Connection>();

export function connectionOf(parts: ClientParts): Connection {
  const known = connections.get(parts);
  if (known !== undefined) return known;
  const prover = new Prover();
  const session = new Session(createIssuer(parts.options, prover), prover);
  const connection = { parts, session, transport: new Transport(parts.options, session) };
  connections.set(parts, connection);
  return connection;
}

export function notConnected(): NotConnectedError {
  const message = "Expected an open gate, got one after close(). Nothing was sent. Call connect().";
  return new NotConnectedError({ code: "NOT_CONNECTED", message });
}
