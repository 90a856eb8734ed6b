import type { ShieldMode, WireRequest, WireShieldVerdict } from "@holdpoint/protocol";
import { hashSkeleton, type JsonValue } from "@holdpoint/protocol";
import { importEnvelopeKey, sealEnvelope } from "@holdpoint/protocol/envelope";
import { typeidUnboxed } from "typeid-js";
import { type Reply, World } from "../../../routes/testing/world.js";

export const SERVICE = "deploy";
/** What nobody has ever done straight after reading the logs. */
export const JUMP = "apply_terraform";
/** What a run ends by asking for, as a rule. */
export const USUAL = "open_ticket";
const CLIENT_KEY = "q7Gd3mXq0cVbL2sYtRkWn5uHfJzA7eQi9oPxN1vTg4E";
export const TICKET = { title: "Nightly report", urgent: false };
const PLAN = { workspace: "production", destroy: true };

interface Step {
  readonly action: string;
  readonly [field: string]: unknown;
}

/** A project whose agent has a routine: it reads logs, sometimes searches, sums up and opens a ticket. */
export class ShieldWorld implements AsyncDisposable {
  readonly world: World;
  #runs = 0;

  constructor(world: World) {
    this.world = world;
  }

  static async create(): Promise<ShieldWorld> {
    return new ShieldWorld(await World.create());
  }

  /** Tells of steps that were taken, in as few batches as it takes. */
  async observe(steps: readonly Step[]): Promise<readonly string[]> {
    const observations = steps.map((step) => ({
      id: typeidUnboxed("obs"),
      service: SERVICE,
      observed_at: new Date(this.world.clock.now()).toISOString(),
      ...step,
    }));
    for (let at = 0; at < observations.length; at += 100) {
      const body = { observations: observations.slice(at, at + 100) };
      const reply = await this.world.call("POST", "/v1/observations", { as: "agent", body });
      if (reply.status !== 204) throw new Error(`Expected 204: ${JSON.stringify(reply.body)}`);
    }
    return observations.map(({ id }) => id);
  }

  /** Whole runs of the routine. A quarter of them search before they sum up. */
  async learn(runs = 220): Promise<void> {
    const ticket = await hashSkeleton(TICKET);
    const steps = Array.from({ length: runs }, (_, index) => {
      const run_id = `routine-${this.#runs + index}`;
      const searches = index % 4 === 3 ? [{ action: "search", run_id }] : [];
      return [
        { action: "read_logs", run_id },
        ...searches,
        { action: "summarise", run_id },
        { action: USUAL, run_id, skeleton_hash: ticket, ends_run: true },
      ];
    });
    this.#runs += runs;
    await this.observe(steps.flat());
  }

  /** A baseline that knows the routine, in a mode. */
  async learnt(mode: ShieldMode): Promise<void> {
    await this.learn();
    if (mode !== "shadow") await this.setMode("locked");
    if (mode === "enforce") await this.setMode("enforce");
  }

  async setMode(mode: ShieldMode, service = SERVICE): Promise<void> {
    await this.#put(`/v1/shield/${service}/mode`, { mode });
  }

  async setSettings(settings: object, service = SERVICE): Promise<void> {
    const { revision: base_revision } = (await this.profile(service)).settings;
    await this.#put(`/v1/shield/${service}/settings`, { base_revision, ...settings });
  }

  async #put(path: string, body: object): Promise<void> {
    const reply = await this.world.call("PUT", path, { as: "admin", body });
    if (reply.status !== 200) throw new Error(`Expected 200: ${JSON.stringify(reply.body)}`);
  }

  async profile(service = SERVICE): Promise<Reply["body"]> {
    return (await this.world.call("GET", `/v1/shield/${service}`, { as: "viewer" })).body;
  }

  /** A run that has read the logs, and nothing else. */
  async begin(run_id = typeidUnboxed("run")): Promise<string> {
    await this.observe([{ action: "read_logs", run_id }]);
    return run_id;
  }

  /** Asks for what no run has ever done from there, in a run of its own or in a given one. */
  async jump(fields: { readonly run_id?: string; readonly [field: string]: unknown } = {}) {
    const run_id = fields.run_id ?? (await this.begin());
    return this.ask({ action: JUMP, payload: PLAN, ...fields, run_id });
  }

  /** Asks for what runs end with, in a run that has come there as usual. */
  async askUsual(fields: object = {}): Promise<Asked> {
    const run_id = await this.begin();
    await this.observe([{ action: "summarise", run_id }]);
    return this.ask({ action: USUAL, payload: TICKET, run_id, ...fields });
  }

  async ask(fields: object): Promise<Asked> {
    return (await this.world.ask({ service: SERVICE, ...fields })) as Asked;
  }

  /** What an agent sends that lets nobody here read its payload. */
  async seal(payload: JsonValue) {
    const id = typeidUnboxed("req");
    const key = await importEnvelopeKey(CLIENT_KEY);
    const { projectId } = this.world;
    const binding = { projectId, requestId: id, field: "payload" } as const;
    return { id, encrypted: true, payload: await sealEnvelope(payload, binding, key) };
  }

  /** The types of the events of a request, in their order. */
  async eventsOf(id: string): Promise<readonly string[]> {
    const { body } = await this.world.call("GET", `/v1/requests/${id}/events`, { as: "admin" });
    return body.data.map(({ type }: { type: string }) => type);
  }

  async decide(id: string, body: object): Promise<void> {
    const reply = await this.world.decide(id, { revision: 1, ...body });
    if (reply.status !== 200) throw new Error(`Expected 200: ${JSON.stringify(reply.body)}`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.world.controlPlane.close();
  }
}

/** A request that was measured. */
export type Asked = WireRequest & { readonly shield: WireShieldVerdict };
