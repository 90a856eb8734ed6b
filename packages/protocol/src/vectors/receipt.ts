import { importTrustedKeys, ReceiptError, verifyReceipt } from "../receipt/index.js";
import type { WireExecution, WireRequest } from "../wire.js";
import type { VectorOutcome } from "./envelope.js";

/** `vectors/receipt.json`, which any language can read. */
export interface ReceiptVectors {
  readonly keys: unknown;
  readonly project_id: string;
  readonly subject: {
    readonly request: Partial<WireRequest>;
    readonly execution: Partial<WireExecution>;
  };
  readonly valid: readonly { readonly name: string; readonly receipt: unknown }[];
  readonly invalid: readonly {
    readonly name: string;
    readonly receipt: unknown;
    readonly code: string;
  }[];
}

/** Verifies every receipt of the vectors. The one runner for every runtime. */
export async function runReceiptVectors(vectors: ReceiptVectors): Promise<VectorOutcome[]> {
  const keys = await importTrustedKeys(vectors.keys);
  const options = { keys, projectId: vectors.project_id, subject: vectors.subject };
  const cases = [
    ...vectors.valid.map((vector) => ({ ...vector, expected: "verified" })),
    ...vectors.invalid.map((vector) => ({ ...vector, expected: vector.code })),
  ];
  const outcomes: VectorOutcome[] = [];
  for (const { name, receipt, expected } of cases) {
    outcomes.push({ name, expected, actual: await describeVerifying(receipt, options) });
  }
  return outcomes;
}

async function describeVerifying(...input: Parameters<typeof verifyReceipt>): Promise<string> {
  try {
    await verifyReceipt(...input);
    return "verified";
  } catch (error) {
    return error instanceof ReceiptError ? error.code : `threw: ${String(error)}`;
  }
}
