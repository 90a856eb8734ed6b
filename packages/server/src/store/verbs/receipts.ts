/** A receipt as it is kept. It never changes but for its place in the log. */
export interface StoredReceipt {
  readonly id: string;
  readonly agentId: string;
  readonly jws: string;
  /** Absent until the log has taken it in. */
  readonly logIndex?: number;
}

/** Receipts are written with the events they prove, in the same transaction. */
export interface ReceiptStore {
  find(projectId: string, receiptId: string): Promise<StoredReceipt | undefined>;
  /** Receipts of a project in the log after `index` (-1: from the first), oldest first. */
  listAfter(
    projectId: string,
    index: number,
    limit: number,
  ): Promise<readonly Required<StoredReceipt>[]>;
}
