import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ActionManifest } from "@holdpoint/protocol/gate";
import type { Holdpoint } from "@holdpoint/sdk";
import type { ServedControlPlane } from "./control-plane.js";
import { addAgent, administer } from "./purchases.js";

/** A help desk on this machine, which keeps tickets for whoever has its token. */
export interface HelpDesk extends AsyncDisposable {
  readonly port: number;
  /** Subjects of the tickets there are. */
  readonly tickets: readonly string[];
}

export const deskToken = "desk-token-5f2c";

export async function startHelpDesk(): Promise<HelpDesk> {
  const tickets: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.headers.authorization !== `Bearer ${deskToken}`) {
      response.writeHead(401).end();
      return;
    }
    const { subject } = JSON.parse(Buffer.concat(chunks).toString()) as { subject: string };
    tickets.push(subject);
    response.writeHead(201, { "content-type": "application/json" });
    response.end(JSON.stringify({ id: tickets.length, subject }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    tickets,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Creates a ticket at the desk of this machine; a call costs 20 cents. */
export function ticketManifest(port: number, version = "1.0.0"): ActionManifest {
  return {
    id: "create-ticket",
    version,
    title: "Create a ticket",
    description: "Creates a ticket in the help desk, in the queue that is named.",
    risk: "medium",
    parameters: {
      type: "object",
      properties: {
        queue: { type: "string", enum: ["support", "billing"] },
        subject: { type: "string", maxLength: 200 },
      },
      required: ["queue", "subject"],
      additionalProperties: false,
    },
    provider: {
      type: "http",
      method: "POST",
      url: `http://127.0.0.1:${port}/queues/{queue}/tickets`,
      body: { subject: "{subject}" },
    },
    cost: { currency: "EUR", amount_minor: 20 },
    egress: { domains: ["127.0.0.1"], ports: [port], allow_private: true },
    secrets: [{ name: "DESK_TOKEN", header: "Authorization", prefix: "Bearer " }],
    verification: { type: "status", statuses: [201] },
  };
}

export async function registerAction(
  holdpoint: ServedControlPlane,
  manifest: ActionManifest,
): Promise<void> {
  await administer(holdpoint, "PUT", `/v1/actions/${manifest.id}`, manifest);
}

/** Puts the next revision of the project's policy in force. */
export async function enforcePolicy(
  holdpoint: ServedControlPlane,
  text: string,
  baseRevision: number,
  note?: string,
): Promise<void> {
  const body = { text, base_revision: baseRevision, ...(note !== undefined && { note }) };
  await administer(holdpoint, "PUT", "/v1/policies", body);
}

export const gatePolicy = `@id("support-tickets")
permit (principal, action == Action::"execute", resource == Intent::"gate/create-ticket")
when {
  context has payload &&
  context.payload.text.hasTag("/queue") &&
  context.payload.text.getTag("/queue") == "support"
};

// A hold weighs more than what lets through: it has to leave out what it is not about.
@id("look-first")
@hold("approver")
@reason("Somebody looks at it before it leaves the house.")
permit (principal, action == Action::"execute", resource)
unless {
  context has payload &&
  context.payload.text.hasTag("/queue") &&
  context.payload.text.getTag("/queue") == "support"
};

@id("never-drop-tables")
@reason("Nothing drops a table of production.")
forbid (principal, action, resource == Intent::"postgres/run_sql")
when {
  context has payload &&
  context.payload.text.hasTag("/sql") &&
  context.payload.text.getTag("/sql") like "DROP *"
};
`;

/** What was in force before tickets for support were let through. */
const strictPolicy = `@id("look-first")
@hold("approver")
@reason("Somebody looks at it before it leaves the house.")
permit (principal, action == Action::"execute", resource);
`;

/** Actions, agents with leases, a policy with a history, and calls as a real project might have them. */
export async function fillWithGate(
  holdpoint: ServedControlPlane,
  desk: HelpDesk,
): Promise<{ readonly held: string; readonly ran: string; readonly agent: Holdpoint }> {
  await administer(holdpoint, "PUT", "/v1/secrets/DESK_TOKEN", { value: deskToken });
  for (const manifest of [ticketManifest(desk.port), issueManifest, refundManifest]) {
    await registerAction(holdpoint, manifest);
  }
  await enforcePolicy(holdpoint, strictPolicy, 0);
  await enforcePolicy(holdpoint, gatePolicy, 1, "Support writes its tickets alone");
  const { hp: agent, id: agentId } = await addAgent(holdpoint, "service-desk-agent");
  await administer(holdpoint, "PUT", `/v1/agents/${agentId}/limits`, {
    max_calls_per_day: 200,
    max_cost_per_day: { amount_minor: 2_000, currency: "EUR" },
  });
  await agent.gate.connect({ maxCalls: 50, maxCost: { amount: "5.00", currency: "EUR" } });
  const { id: ran } = await agent.gate.execute("create-ticket", {
    queue: "support",
    subject: "The lamp of order A-1042 flickers",
  });
  const held = await holdCall(agent, "github-issue", {
    owner: "acme",
    repo: "shop",
    title: "Checkout fails for vouchers",
    body: "Three customers report it since 14:00. Steps to reproduce are in the ticket.",
  });
  const { hp: finance } = await addAgent(holdpoint, "finance-agent");
  await finance.gate.connect({ scopes: ["actions:stripe-refund"], maxCalls: 5 });
  return { held, ran, agent };
}

/** Calls an action that a person has to decide; its id. */
export async function holdCall(
  agent: Holdpoint,
  action: string,
  parameters: object,
): Promise<string> {
  const refusal: unknown = await agent.gate.execute(action, parameters).catch((error) => error);
  const { approvalId } = refusal as { readonly approvalId?: string };
  if (approvalId === undefined) throw new Error(`Not held: ${String(refusal)}`);
  return approvalId;
}

const issueManifest: ActionManifest = {
  id: "github-issue",
  version: "1.0.0",
  title: "Open a GitHub issue",
  description: "Opens an issue in a repository of GitHub.",
  risk: "medium",
  parameters: {
    type: "object",
    properties: {
      owner: { type: "string", maxLength: 100 },
      repo: { type: "string", maxLength: 100 },
      title: { type: "string", maxLength: 200 },
      body: { type: "string", maxLength: 10_000 },
    },
    required: ["owner", "repo", "title"],
    additionalProperties: false,
  },
  provider: {
    type: "http",
    method: "POST",
    url: "https://api.github.com/repos/{owner}/{repo}/issues",
    headers: { Accept: "application/vnd.github+json" },
    body: { title: "{title}", body: "{body}" },
  },
  egress: { domains: ["api.github.com"] },
  secrets: [{ name: "GITHUB_TOKEN", header: "Authorization", prefix: "Bearer " }],
  verification: { type: "status", statuses: [201] },
};

const refundManifest: ActionManifest = {
  id: "stripe-refund",
  version: "1.0.0",
  title: "Refund a payment",
  description: "Gives a payment back, wholly or in part.",
  risk: "high",
  approval: "always",
  role: "finance",
  parameters: {
    type: "object",
    properties: {
      charge: { type: "string", maxLength: 100 },
      amount: { type: "integer", minimum: 1, maximum: 100_000 },
    },
    required: ["charge", "amount"],
    additionalProperties: false,
  },
  provider: {
    type: "http",
    method: "POST",
    url: "https://api.stripe.com/v1/refunds",
    body: { charge: "{charge}", amount: "{amount}" },
    body_format: "form",
  },
  cost: { currency: "EUR", amount_parameter: "/amount" },
  egress: { domains: ["api.stripe.com"] },
  secrets: [{ name: "STRIPE_KEY", header: "Authorization", prefix: "Bearer " }],
  idempotency: { header: "Idempotency-Key" },
  verification: { type: "status", statuses: [200] },
};
