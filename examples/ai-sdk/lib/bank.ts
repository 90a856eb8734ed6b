import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { workFolder } from "./folder.js";

export interface Refund {
  readonly orderId: string;
  readonly amountMinor: number;
}

/** Stands in for a bank: pays once per key, and answers a repeated call with the first payment. */
export async function pay(refund: Refund, key: string | undefined) {
  if (key === undefined) throw new Error("Expected an approval. The bank pays nothing without.");
  const folder = join(workFolder, "payments");
  await mkdir(folder, { recursive: true });
  const paymentId = `pay_${createHash("sha256").update(key).digest("hex").slice(0, 16)}`;
  const path = join(folder, `${paymentId}.json`);
  const payment = JSON.stringify({ paymentId, ...refund });
  await writeFile(path, payment, { flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  return JSON.parse(await readFile(path, "utf8")) as Refund & { readonly paymentId: string };
}
