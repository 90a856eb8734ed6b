import type { ServerResponse } from "node:http";
import type { JsonObject, WireRequestReceiptContent } from "@holdpoint/protocol";
import type { ActionManifest } from "@holdpoint/protocol/gate";
import { importTrustedKeys, verifyReceipt } from "@holdpoint/protocol/receipt";
import { typeidUnboxed } from "typeid-js";
import { manifestFor } from "../../../gate/testing/runner.js";
import { Service } from "../../../gate/testing/service.js";
import type { ControlPlaneOptions } from "../../../options.js";
import { LeaseHolder } from "../../../routes/testing/lease-holder.js";
import { type Reply, World } from "../../../routes/testing/world.js";

/** Allows what is small, asks somebody about what is not, and forbids what is huge. */
export const POLICY = `
  @id("small")
  permit (principal, action == Action::"execute", resource)
    when { context has payload && context.payload.numbers.hasTag("/amount") && context.payload.numbers.getTag("/amount") <= 100 };
  @id("large") @hold("approver") @reason("It is a lot.")
  permit (principal, action == Action::"execute", resource)
    when { context has payload && context.payload.numbers.hasTag("/amount") && context.payload.numbers.getTag("/amount") > 100 };
  @id("huge") @reason("Nobody pays that much.")
  forbid (principal, action == Action::"execute", resource)
    when { context has payload && context.payload.numbers.hasTag("/amount") && context.payload.numbers.getTag("/amount") > 10000 };
`;

export const SMALL = { amount: 50 };
export const LARGE = { amount: 500 };
export const HUGE = { amount: 50_000 };
export const CANARY = "canary-kJ8s2Qp0vXz";

/** A control plane with an action, the service it calls, a policy, and an agent with a lease. */
export class GateWorld implements AsyncDisposable {
  readonly world: World;
  readonly service: Service;
  agent: LeaseHolder;

  private constructor(world: World, service: Service, agent: LeaseHolder) {
    this.world = world;
    this.service = service;
    this.agent = agent;
  }

  static async create(options: Partial<ControlPlaneOptions> = {}): Promise<GateWorld> {
    const world = await World.create({ allowPrivateEgress: true, ...options });
    const service = await Service.start();
    service.answerJson(201, { id: "re_1" });
    await world.call("PUT", "/v1/secrets/API_TOKEN", { as: "admin", body: { value: CANARY } });
    await world.setPolicy(POLICY);
    const gate = new GateWorld(world, service, await LeaseHolder.create(world));
    await gate.register();
    return gate;
  }

  /** Registers a version of the action `refund`, or of another. */
  async register(fields: Partial<ActionManifest> = {}): Promise<Reply> {
    const { service, world } = this;
    const manifest = refundManifest(service, fields);
    const path = `/v1/actions/${manifest.id}`;
    const reply = await world.call("PUT", path, { as: "admin", body: manifest });
    if (reply.status >= 300) throw new Error(`Expected an action: ${JSON.stringify(reply.body)}`);
    return reply;
  }

  /** One call of the action `refund`, by default a small one. */
  execute(
    body: object = {},
    { action = "refund", as = this.agent }: { action?: string; as?: LeaseHolder } = {},
  ): Promise<Reply> {
    const call = { id: typeidUnboxed("req"), parameters: SMALL, ...body };
    return as.call("POST", `/v1/actions/${action}/execute`, call);
  }

  /** A call that waits for a person. */
  async hold(body: object = {}): Promise<string> {
    const reply = await this.execute({ parameters: LARGE, ...body });
    if (reply.status !== 202) throw new Error(`Expected 202: ${JSON.stringify(reply.body)}`);
    return reply.body.id;
  }

  async approve(id: string, edit?: JsonObject): Promise<void> {
    const patch = edit && { patched_payload: edit };
    const body = { decision: "approve", revision: 1, ...patch };
    const reply = await this.world.decide(id, body, "approver");
    if (reply.status !== 200) throw new Error(`Expected 200: ${JSON.stringify(reply.body)}`);
  }

  /** A call that a person has approved and nobody has run. */
  async approved(edit?: JsonObject): Promise<string> {
    const id = await this.hold();
    await this.approve(id, edit);
    return id;
  }

  setAuthority(frozen: boolean): Promise<Reply> {
    return this.world.call("PUT", "/v1/authority", { as: "admin", body: { frozen } });
  }

  /** Gets a lease of a new session. */
  async connect(fields: object = {}): Promise<void> {
    this.agent = await LeaseHolder.create(this.world, fields);
  }

  approval(id: string, query = ""): Promise<Reply> {
    return this.agent.call("GET", `/v1/approvals/${id}${query}`);
  }

  /** What the receipts of a request say, each verified as a stranger would. */
  async receiptsOf(requestId: string): Promise<readonly WireRequestReceiptContent[]> {
    const { world } = this;
    const as = "admin";
    const keys = await importTrustedKeys(
      (await world.call("GET", "/.well-known/jwks.json", { as })).body,
    );
    const events = (await world.call("GET", `/v1/requests/${requestId}/events`, { as })).body.data;
    const contents = [];
    for (const { receipt_id: id } of events) {
      const receipt = (await world.call("GET", `/v1/receipts/${id}`, { as })).body;
      const { content } = await verifyReceipt(receipt, { keys, projectId: world.projectId });
      contents.push(content as WireRequestReceiptContent);
    }
    return contents;
  }

  /** Lets the service keep each call waiting until it is told to answer. */
  pause(): { readonly arrived: Promise<void>; answer(): void } {
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    let waiting: ServerResponse[] = [];
    let isOpen = false;
    const answer = (response: ServerResponse) =>
      response.writeHead(201, { "content-type": "application/json" }).end('{"id":"re_1"}');
    this.service.answer = (response) => {
      if (isOpen) answer(response);
      else waiting.push(response);
      arrive();
    };
    return {
      arrived,
      answer() {
        isOpen = true;
        for (const response of waiting) answer(response);
        waiting = [];
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.world.controlPlane.close();
    await this.service[Symbol.asyncDispose]();
  }
}

/** A refund at a service of ours. */
export function refundManifest(
  service: Pick<Service, "origin" | "port">,
  fields: Partial<ActionManifest> = {},
): ActionManifest {
  return manifestFor(
    service,
    { url: "/refunds", body: { amount: "{amount}" } },
    {
      id: "refund",
      parameters: {
        type: "object",
        properties: { amount: { type: "integer", minimum: 1 } },
        required: ["amount"],
        additionalProperties: false,
      },
      secrets: [{ name: "API_TOKEN", header: "Authorization", prefix: "Bearer " }],
      verification: { type: "status", statuses: [201] },
      ...fields,
    },
  );
}
