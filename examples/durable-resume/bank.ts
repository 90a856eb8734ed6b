import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Refund } from "./refund.js";

/** What the bank answers. */
export interface Payment {
  readonly paymentId: string;
  readonly amountMinor: number;
}

/** Stands in for a bank: pays once per key, and answers a repeated call with the first payment. */
export async function pay({ orderId, amountMinor }: Refund, key: string): Promise<Payment> {
  const folder = join(workFolder(), "payments");
  await mkdir(folder, { recursive: true });
  const paymentId = `pay_${createHash("sha256").update(key).digest("hex").slice(0, 16)}`;
  const path = join(folder, `${paymentId}.json`);
  const payment = JSON.stringify({ paymentId, orderId, amountMinor });
  await writeFile(path, payment, { flag: "wx" }).catch(ignoreExisting);
  return JSON.parse(await readFile(path, "utf8")) as Payment;
}

/** Writes to the customer, once per subject. */
export async function sendMail(subject: string, text: string): Promise<void> {
  const folder = join(workFolder(), "mail");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${subject}.txt`), `${text}\n`, { flag: "wx" }).catch(
    ignoreExisting,
  );
}

function workFolder(): string {
  return process.env.WORK_FOLDER ?? "work";
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
