import { NONE } from "./counts.js";

/** Where runs begin, as a place to come from, and where they end, as one to go to. */
export const BOUNDARY = 0;
/** All names beyond the limit, together. */
export const OTHER = 1;
const RESERVED = 2;

/** Numbers for names: up to a limit, beyond which all are one. */
export class Names {
  readonly #ids = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #limit: number;

  constructor(limit: number, names: readonly string[] = []) {
    this.#limit = limit;
    for (const name of names) this.intern(name);
  }

  get isFull(): boolean {
    return this.#names.length >= this.#limit;
  }

  get all(): readonly string[] {
    return this.#names;
  }

  find(name: string): number {
    return this.#ids.get(name) ?? (this.isFull ? OTHER : NONE);
  }

  intern(name: string): number {
    const found = this.find(name);
    if (found !== NONE) return found;
    const id = this.#names.length + RESERVED;
    this.#ids.set(name, id);
    this.#names.push(name);
    return id;
  }

  /** `undefined` for a number that is no name's own. */
  nameOf(id: number): string | undefined {
    return this.#names[id - RESERVED];
  }
}
