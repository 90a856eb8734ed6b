import {
  digestContent,
  digestStep,
  type EscrowOpening,
  signContent,
  thumbprintOf,
} from "@holdpoint/protocol/escrow";
import { typeidUnboxed } from "typeid-js";
import type { Credentials, Reply, World } from "../../testing/world.js";

const HOUR = 3_600_000;

type SigningKey = Parameters<typeof signContent>[2]["privateKey"];

/** An agent of a world, with a key of its own, as its program would sign. */
export class SigningAgent {
  readonly keyId: string;
  readonly agentId: string;
  readonly name: string;
  readonly as: keyof Credentials;
  readonly x: string;
  readonly #world: World;
  readonly #privateKey: SigningKey;

  private constructor(
    world: World,
    as: keyof Credentials,
    identity: { readonly id: string; readonly name: string },
    key: { readonly keyId: string; readonly x: string; readonly privateKey: SigningKey },
  ) {
    this.#world = world;
    this.as = as;
    this.agentId = identity.id;
    this.name = identity.name;
    this.keyId = key.keyId;
    this.x = key.x;
    this.#privateKey = key.privateKey;
  }

  /** Draws a key, and registers it unless it is to stay unknown. */
  static async create(
    world: World,
    as: keyof Credentials,
    options: { readonly isRegistered?: boolean } = {},
  ): Promise<SigningAgent> {
    const { body: me } = await world.call("GET", "/v1/me", { as });
    const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as {
      readonly publicKey: SigningKey;
      readonly privateKey: SigningKey;
    };
    const { x = "" } = await crypto.subtle.exportKey("jwk", pair.publicKey);
    const keyId = await thumbprintOf({ kty: "OKP", crv: "Ed25519", x });
    const agent = new SigningAgent(world, as, me.agent, { keyId, x, privateKey: pair.privateKey });
    if (options.isRegistered ?? true) {
      const reply = await agent.register();
      if (reply.status !== 201) throw new Error(`Expected 201, got ${reply.status}`);
    }
    return agent;
  }

  /** The body that registers its key. */
  async registration(fields: object = {}) {
    const proof = await this.sign("agent_key_proof", {
      version: 1,
      type: "agent_key_proof",
      project_id: this.#world.projectId,
      agent_id: this.agentId,
      key_id: this.keyId,
      ...fields,
    });
    return { jwk: { kty: "OKP", crv: "Ed25519", x: this.x }, proof };
  }

  async register(fields: object = {}, as = this.as): Promise<Reply> {
    const body = await this.registration(fields);
    return this.#world.call("POST", "/v1/agent-keys", { as, body });
  }

  sign(kind: Parameters<typeof signContent>[0], content: unknown): Promise<string> {
    const key = { keyId: this.keyId, privateKey: this.#privateKey };
    return signContent(kind, content as never, key);
  }

  /** The body that opens an escrow for `payee`. */
  async opening(payee: SigningAgent, options: OpeningOptions = {}) {
    const { details = { description: "Translate the contract" }, fields = {}, ...more } = options;
    const now = this.#world.clock.now();
    const opening: EscrowOpening = {
      version: 1,
      type: "open",
      escrow_id: typeidUnboxed("esc"),
      request_id: typeidUnboxed("req"),
      project_id: this.#world.projectId,
      payer: { agent_id: this.agentId, key_id: this.keyId },
      payee: { agent_id: payee.agentId, key_id: payee.keyId },
      amount: { amount_minor: 4_000, currency: "EUR" },
      terms_digest: await digestContent(details),
      fulfil_by: new Date(now + 24 * HOUR).toISOString(),
      release_by: new Date(now + 48 * HOUR).toISOString(),
      ...fields,
    };
    return { step: await this.sign("open", opening), category: "services", details, ...more };
  }

  async open(payee: SigningAgent, options: OpeningOptions = {}): Promise<Reply> {
    const body = await this.opening(payee, options);
    return this.#world.call("POST", "/v1/escrows", { as: this.as, body });
  }

  /** The body of a step that follows what the escrow has. */
  async step(type: "fulfil" | "release" | "dispute", escrow: EscrowBody, fields: object = {}) {
    const content = {
      version: 1,
      type,
      escrow_id: escrow.id,
      request_id: escrow.request_id,
      previous_digest: await digestStep(String(escrow.envelope.steps.at(-1))),
      ...fields,
    };
    return this.sign(type, content);
  }

  async fulfil(escrow: EscrowBody, result: unknown = { text: "Der Vertrag" }): Promise<Reply> {
    const result_digest = await digestContent(result);
    const step = await this.step("fulfil", escrow, { result_digest });
    return this.send("fulfil", escrow, { step, result });
  }

  async release(escrow: EscrowBody): Promise<Reply> {
    return this.send("release", escrow, { step: await this.step("release", escrow) });
  }

  async dispute(escrow: EscrowBody, reason?: string): Promise<Reply> {
    const digest = reason === undefined ? {} : { reason_digest: await digestContent(reason) };
    const step = await this.step("dispute", escrow, digest);
    return this.send("dispute", escrow, { step, ...(reason !== undefined && { reason }) });
  }

  send(verb: string, { id }: { readonly id: string }, body: object): Promise<Reply> {
    return this.#world.call("POST", `/v1/escrows/${id}/${verb}`, { as: this.as, body });
  }

  read({ id }: { readonly id: string }): Promise<Reply> {
    return this.#world.call("GET", `/v1/escrows/${id}`, { as: this.as });
  }
}

interface OpeningOptions {
  readonly details?: object;
  /** Members of the signed opening, in the place of its own. */
  readonly fields?: object;
  readonly category?: string;
  readonly encrypted?: boolean;
}

type EscrowBody = Reply["body"];
