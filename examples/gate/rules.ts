// What the gate can run, and who may run it.

/** The manifests, for a desk at this address. `allow_private` is for a desk on this machine. */
export function listActions(deskUrl: string) {
  const { hostname, port } = new URL(deskUrl);
  const egress = { domains: [hostname], ports: [Number(port)], allow_private: true };
  const secrets = [{ name: "DESK_TOKEN", header: "Authorization", prefix: "Bearer " }];
  const shared = { version: "1.0.0", egress, secrets, idempotency: { header: "Idempotency-Key" } };
  return [
    {
      ...shared,
      id: "open-ticket",
      title: "Open a ticket",
      description: "Opens a ticket in the help desk, for a person to look at.",
      risk: "medium",
      parameters: objectOf({ title: { type: "string", minLength: 1, maxLength: 200 } }),
      provider: {
        type: "http",
        method: "POST",
        url: `${deskUrl}/api/tickets`,
        body: { title: "{title}" },
      },
      verification: {
        type: "read_back",
        url: `${deskUrl}/api/tickets/{output.body.id}`,
        expect: [{ pointer: "/title", value: "{title}" }],
      },
    },
    {
      ...shared,
      id: "refund",
      title: "Refund a customer",
      description: "Pays money back.",
      risk: "critical",
      parameters: objectOf({ amount_minor: { type: "integer", minimum: 1 } }),
      provider: {
        type: "http",
        method: "POST",
        url: `${deskUrl}/api/refunds`,
        body: { amount_minor: "{amount_minor}" },
      },
      cost: { currency: "EUR", amount_parameter: "/amount_minor" },
      verification: { type: "status", statuses: [201] },
    },
  ];
}

/** Nothing says that anybody may refund, so nobody may. */
export const POLICY = `
@id("tickets")
permit (principal, action == Action::"execute", resource == Intent::"gate/open-ticket");

@id("urgent-tickets")
@hold("approver")
@reason("Somebody is woken by it.")
permit (principal, action == Action::"execute", resource == Intent::"gate/open-ticket")
when {
  context has payload &&
  context.payload.text.hasTag("/title") &&
  context.payload.text.getTag("/title") like "URGENT*"
};
`;

function objectOf(properties: Readonly<Record<string, object>>) {
  const required = Object.keys(properties);
  return { type: "object", properties, required, additionalProperties: false };
}
