import type fc from "fast-check";
import { RefusedError } from "../harness/control-plane.js";
import { findDrift } from "./books.js";
import { type Oracle, type Purchase, Refusal } from "./oracle.js";
import type { World } from "./world.js";

/** The same thing done to the oracle and to the control plane. What both answer is compared. */
interface Act {
  readonly predict: (oracle: Oracle, purchase: Purchase) => unknown;
  readonly perform: (world: World, purchase: Purchase) => Promise<unknown>;
}

export interface PurchaseAct extends Act {
  /** Where it makes sense at all. */
  readonly suits?: (purchase: Purchase) => boolean;
  /** Where it comes to something: those are chosen most of the time. */
  readonly prefers?: (purchase: Purchase) => boolean;
}

/** One thing done to both; then the books are compared. */
export class Step implements fc.AsyncCommand<Oracle, World> {
  readonly #name: string;
  readonly #act: PurchaseAct;
  /** Which purchase, counted round; absent for what is about none. */
  readonly #index: number | undefined;

  constructor(name: string, act: PurchaseAct, index?: number) {
    this.#name = name;
    this.#act = act;
    this.#index = index;
  }

  check(oracle: Readonly<Oracle>): boolean {
    return this.#index === undefined || this.#pick(oracle) !== undefined;
  }

  async run(oracle: Oracle, world: World): Promise<void> {
    world.count();
    const purchase = this.#pick(oracle) as Purchase;
    const performed = await outcomeOf(() => this.#act.perform(world, purchase));
    const predicted = await outcomeOf(() => this.#act.predict(oracle, purchase));
    if (performed !== predicted)
      throw new Error(`${this.#name}: ${performed}, expected ${predicted}`);
    const drift = await findDrift(world.tables, oracle, world.ids);
    if (drift.length > 0) throw new Error(`${this.#name}: ${drift.join("; ")}`);
  }

  toString(): string {
    return this.#index === undefined ? this.#name : `${this.#name} of #${this.#index}`;
  }

  #pick({ purchases }: Readonly<Oracle>): Purchase | undefined {
    const index = this.#index ?? 0;
    const { suits = () => true, prefers = () => true } = this.#act;
    const suiting = purchases.filter(suits);
    const preferred = index % 5 === 0 ? [] : suiting.filter(prefers);
    const among = preferred.length > 0 ? preferred : suiting;
    return among[index % Math.max(among.length, 1)];
  }
}

async function outcomeOf(work: () => unknown): Promise<string> {
  try {
    return JSON.stringify((await work()) ?? "done");
  } catch (error) {
    if (error instanceof Refusal) return `refused with ${error.code}`;
    if (error instanceof RefusedError) return `refused with ${error.problem.code}`;
    throw error;
  }
}
