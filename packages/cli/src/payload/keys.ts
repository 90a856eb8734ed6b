import type { EnvelopeKey } from "@holdpoint/protocol/envelope";
import { CommandFailure } from "../failure.js";
import type { Terminal } from "../terminal.js";

/**
 * The client encryption keys of `HOLDPOINT_ENCRYPTION_KEY`, separated by commas: the first seals,
 * all of them open.
 *
 * @throws {CommandFailure} `usage` when one is malformed. The message never contains it.
 */
export async function loadEncryptionKeys(terminal: Terminal): Promise<readonly EnvelopeKey[]> {
  const texts = (terminal.env.HOLDPOINT_ENCRYPTION_KEY ?? "").split(",");
  const { importEnvelopeKey } = await import("@holdpoint/protocol/envelope");
  try {
    return await Promise.all(
      texts
        .map((text) => text.trim())
        .filter(Boolean)
        .map(importEnvelopeKey),
    );
  } catch (error) {
    throw new CommandFailure({
      reason: "usage",
      message: `HOLDPOINT_ENCRYPTION_KEY is not usable. ${error instanceof Error ? error.message : ""}`,
      next: "holdpoint keys encryption",
    });
  }
}
