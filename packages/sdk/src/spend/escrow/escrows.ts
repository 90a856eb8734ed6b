import type { ClientParts } from "../../late.js";
import { disputeEscrow, fulfilEscrow, releaseEscrow } from "./advance.js";
import { drawKey, openSigner, registerKey } from "./key.js";
import { openEscrow } from "./open.js";
import type { Escrows } from "./options.js";
import { fetchEscrow, listEscrows } from "./read.js";
import { verifyGiven } from "./verify.js";

/** The calls behind `hp.spend.escrow`. */
export function createEscrows(parts: ClientParts): Escrows {
  return {
    createKey: () => drawKey(),
    async register(signingKey, { signal } = {}) {
      const signer = await openSigner(signingKey);
      await registerKey(parts, signer, signal);
      return { keyId: signer.keyId };
    },
    open: (options, { signal } = {}) => openEscrow(parts, options, signal),
    fulfil: (escrow, options, { signal } = {}) => fulfilEscrow(parts, escrow, options, signal),
    release: (escrow, options, { signal } = {}) => releaseEscrow(parts, escrow, options, signal),
    dispute: (escrow, options, { signal } = {}) => disputeEscrow(parts, escrow, options, signal),
    get: (id, { signal } = {}) => fetchEscrow(parts, id, signal),
    list: (options) => listEscrows(parts, options),
    verify: (envelope, options) => verifyGiven(parts, envelope, options),
  };
}
