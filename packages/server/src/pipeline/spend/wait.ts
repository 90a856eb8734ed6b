import { isFinalStatus } from "@holdpoint/protocol";
import type { Context } from "../../context.js";
import type { ProjectCaller } from "../../domain/caller.js";
import type { Purchase } from "../../domain/spend/purchase.js";
import { Wait } from "../wait.js";
import { loadPurchase } from "./load.js";

/** Until a purchase is no longer pending. */
export class PurchaseWait extends Wait<Purchase> {
  readonly #purchaseId: string;

  constructor(context: Context, caller: ProjectCaller, purchaseId: string, waitMs: number) {
    super(context, caller, purchaseId, waitMs);
    this.#purchaseId = purchaseId;
  }

  protected load(): Promise<Purchase> {
    return loadPurchase(this.context, this.caller, this.#purchaseId);
  }

  protected isOver({ request }: Purchase): boolean {
    return isFinalStatus(request.status);
  }

  protected adopt(): undefined {}
}
