import { typeidUnboxed } from "typeid-js";
import type { Credentials, Reply, World } from "../../testing/world.js";

/** What a run of the agent is made of, again and again. */
const ROUTINE = ["read_logs", "summarise", "open_ticket"] as const;
/** More than a baseline takes that calls one run in ten an anomaly. */
const RUNS = 24;

export interface Place {
  readonly service: string;
  readonly environment?: string;
}

/** An agent of the home project whose behaviour the shield follows, and what people ask of that. */
export class Routine {
  readonly #world: World;
  readonly #place: Place;
  #run = 0;

  constructor(world: World, place: Place) {
    this.#world = world;
    this.#place = place;
  }

  /** Tells of the steps of one run, the last of which ends it; their ids. */
  async run(
    actions: readonly string[],
    { runId = `run-${++this.#run}`, ends = true }: { runId?: string; ends?: boolean } = {},
  ): Promise<readonly string[]> {
    const observations = actions.map((action, index) => ({
      id: typeidUnboxed("obs"),
      ...this.#place,
      action,
      run_id: runId,
      observed_at: new Date(this.#world.clock.now() + index).toISOString(),
      ...(ends && index === actions.length - 1 && { ends_run: true }),
    }));
    const reply = await this.#world.call("POST", "/v1/observations", {
      as: "agent",
      body: { observations },
    });
    if (reply.status !== 204) throw new Error(`Expected 204, got ${reply.status}`);
    return observations.map(({ id }) => id);
  }

  /** Goes through the routine until it can be told apart from everything else. */
  async learn(runs = RUNS): Promise<void> {
    await this.run(ROUTINE);
    await this.setSettings({ hold_one_in: 10 });
    for (let index = 1; index < runs; index += 1) await this.run(ROUTINE);
  }

  /** Learns, and is locked and enforced by an admin. */
  async enforce(): Promise<void> {
    await this.learn();
    for (const mode of ["locked", "enforce"]) {
      const reply = await this.set("mode", { mode });
      if (reply.status !== 200) throw new Error(`Expected 200, got ${reply.status}`);
    }
  }

  set(what: "mode" | "settings", body: object, as: keyof Credentials = "admin"): Promise<Reply> {
    const { environment } = this.#place;
    return this.#world.call("PUT", `${this.path}/${what}`, {
      as,
      body: { ...body, ...(environment !== undefined && { environment }) },
    });
  }

  /** From what stands now, unless `base_revision` is another. */
  async setSettings(body: object): Promise<Reply> {
    const { settings } = (await this.read()).body;
    return this.set("settings", { base_revision: settings?.revision ?? 0, ...body });
  }

  review(step_id: string, answer: string, as: keyof Credentials = "approver"): Promise<Reply> {
    const { environment } = this.#place;
    return this.#world.call("POST", `${this.path}/reviews`, {
      as,
      body: { step_id, answer, ...(environment !== undefined && { environment }) },
    });
  }

  /** @param list - The profile itself, or one of its lists. */
  read(list: "" | "/runs" | "/steps" = "", query: Record<string, string> = {}): Promise<Reply> {
    const { environment } = this.#place;
    const search = new URLSearchParams({
      ...(environment !== undefined && { environment }),
      ...query,
    });
    return this.#world.call("GET", `${this.path}${list}?${search}`, { as: "viewer" });
  }

  get path(): string {
    return `/v1/shield/${encodeURIComponent(this.#place.service)}`;
  }
}
