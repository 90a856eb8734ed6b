import type { JsonValue, Problem, WireExecution, WireRequest } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";

/** A place in a process at which it can be killed. */
export type Place = "before claim" | "after claim" | "after the effect" | "after settle";

/** What goes wrong for one process. */
export interface Fate {
  readonly killedAt?: Place;
  /** The first answer of this call is lost, before or after the server has acted on it. */
  readonly loses?: { readonly call: Call; readonly when: "before" | "after" };
}

type Call = "ask" | "claim" | "commit";

/** What a process knows at its end of the action it was to run. */
export interface Learnt {
  readonly status: WireRequest["status"] | WireExecution["status"];
  readonly result?: JsonValue;
}

/** The provider that acts on the world. It can be asked afterwards what it did. */
export class Provider {
  readonly effects: JsonValue[] = [];

  run(payload: JsonValue): JsonValue {
    this.effects.push(payload);
    return { record: this.effects.length };
  }
}

export class Killed extends Error {}

/**
 * A process of an agent that knows the wire and no SDK: asks under an id it derives from its work,
 * claims, runs, commits. It keeps nothing: started again, it begins from the front.
 */
export class AgentProcess {
  readonly #url: string;
  readonly #authorization: string;
  readonly #provider: Provider;
  readonly #fate: Fate;
  readonly #lost = new Set<Call>();

  constructor(options: {
    readonly url: string;
    readonly authorization: string;
    readonly provider: Provider;
    readonly fate?: Fate;
  }) {
    this.#url = options.url;
    this.#authorization = options.authorization;
    this.#provider = options.provider;
    this.#fate = options.fate ?? {};
  }

  /** @throws {Killed} where its fate says so. */
  async work(ask: { readonly id: string }): Promise<Learnt> {
    const request: WireRequest = await this.#call("POST", "/v1/requests", ask, "ask");
    if (request.grant === undefined) return { status: request.status };
    this.#reach("before claim");
    const claimed = await this.#claim(request);
    if (isProblem(claimed)) return this.#learnFrom(claimed);
    this.#reach("after claim");
    const result = this.#provider.run((request.patched_payload ?? request.payload) as JsonValue);
    this.#reach("after the effect");
    return this.#commit(claimed, result);
  }

  #claim({ id, grant }: WireRequest): Promise<WireExecution | Problem> {
    const body = {
      id: typeidUnboxed("exe"),
      grant_id: grant?.id,
      approved_digest: grant?.approved_digest,
    };
    return this.#call("POST", `/v1/requests/${id}/executions`, body, "claim");
  }

  async #commit({ id, fencing_token }: WireExecution, result: JsonValue): Promise<Learnt> {
    const path = `/v1/executions/${id}/commit`;
    const body = { fencing_token, result };
    const settled: WireExecution | Problem = await this.#call("POST", path, body, "commit");
    this.#reach("after settle");
    return isProblem(settled) ? this.#learnFrom(settled) : learntOf(settled);
  }

  /** Somebody else has it: waits for what becomes of it. */
  async #learnFrom(problem: Problem): Promise<Learnt> {
    const { current_execution: current } = problem;
    if (current === undefined) throw new Error(`Expected an execution, got ${problem.code}.`);
    return learntOf(await this.#call("GET", `/v1/executions/${current.id}?wait_ms=1000`));
  }

  /** Sends again what was not answered, byte for byte. */
  async #call<Body>(method: string, path: string, body?: object, name?: Call): Promise<Body> {
    const { loses } = this.#fate;
    const init = {
      method,
      headers: { authorization: this.#authorization, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    };
    if (name !== undefined && loses?.call === name && !this.#lost.has(name)) {
      this.#lost.add(name);
      if (loses.when === "after") await (await fetch(`${this.#url}${path}`, init)).arrayBuffer();
    }
    const response = await fetch(`${this.#url}${path}`, init);
    return (await response.json()) as Body;
  }

  #reach(place: Place): void {
    if (this.#fate.killedAt === place) throw new Killed(place);
  }
}

function isProblem(body: WireExecution | Problem): body is Problem {
  return "code" in body;
}

function learntOf({ status, result }: WireExecution): Learnt {
  return { status, ...(result !== undefined && { result: result as JsonValue }) };
}
