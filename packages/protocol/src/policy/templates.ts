/** A policy to begin with. */
export interface PolicyTemplate {
  readonly id: string;
  readonly title: string;
  /** When it is the right one, and what it leaves to a person. */
  readonly description: string;
  /** Cedar, valid by {@link POLICY_SCHEMA}. */
  readonly text: string;
}

/** A handful of policies that stand on their own; what is put together of several is one text too. */
export const POLICY_TEMPLATES: readonly PolicyTemplate[] = [
  {
    id: "people-decide",
    title: "Let people decide what runs",
    description:
      "Every action goes to an approver, except those of low risk, which run at once. A good first policy: nothing is denied, and nothing of consequence runs unseen.",
    text: `@id("run-low-risk")
permit (principal, action == Action::"execute", resource)
when { context.priority == "low" };

@id("approve-the-rest")
@hold("approver")
@reason("An action of more than low risk.")
permit (principal, action == Action::"execute", resource)
when { context.priority != "low" };
`,
  },
  {
    id: "large-amounts",
    title: "Send large amounts to finance",
    description:
      "What costs more than 500.00 in its currency is held for the role finance, purchases and actions alike. Smaller purchases are left to the spend policy.",
    text: `@id("large-amounts")
@hold("finance")
@reason("More than 500.00: finance looks at it first.")
permit (principal, action in [Action::"purchase", Action::"execute"], resource)
when { context has spend && context.spend.amount_minor > 50000 };
`,
  },
  {
    id: "read-the-payload",
    title: "Decide by what is in the payload",
    description:
      "Refunds of at most 100.00 EUR are let through, larger ones go to finance. The payload is read by JSON Pointer; where it is encrypted, or another currency, an approver decides.",
    text: `@id("small-refunds")
permit (principal, action == Action::"ask", resource == Intent::"billing/refund")
when {
  context has payload &&
  context.payload.text.hasTag("/currency") &&
  context.payload.text.getTag("/currency") == "EUR" &&
  context.payload.numbers.hasTag("/amount_minor") &&
  context.payload.numbers.getTag("/amount_minor") <= 10000
};

@id("large-refunds")
@hold("finance")
@reason("A refund of more than 100.00 EUR.")
permit (principal, action == Action::"ask", resource == Intent::"billing/refund")
when {
  context has payload &&
  context.payload.numbers.hasTag("/amount_minor") &&
  context.payload.numbers.getTag("/amount_minor") > 10000
};
`,
  },
  {
    id: "office-hours",
    title: "Nothing at night or on weekends",
    description:
      "Denies every action and purchase outside of Monday to Friday, 7 to 19 o'clock UTC. What agents ask people is not touched: it waits.",
    text: `@id("office-hours")
@reason("Outside office hours: Monday to Friday, 7 to 19 o'clock UTC.")
forbid (principal, action in [Action::"purchase", Action::"execute"], resource)
unless {
  context.time.weekday <= 5 &&
  context.time.hour >= 7 &&
  context.time.hour < 19
};
`,
  },
  {
    id: "production-by-oncall",
    title: "Production only with the one on call",
    description:
      "What touches the environment production is held for the role oncall; an action runs at once in staging. Of nothing else the policy says anything.",
    text: `@id("production")
@hold("oncall")
@reason("It touches production.")
permit (principal, action in [Action::"ask", Action::"execute"], resource)
when { context has environment && context.environment == "production" };

@id("staging")
permit (principal, action == Action::"execute", resource)
when { context has environment && context.environment == "staging" };
`,
  },
  {
    id: "one-agent",
    title: "One agent, a few actions, a daily bound",
    description:
      "The agent named deploy-bot runs two actions, up to 50 calls a day; whatever else runs through the gate is denied, for nothing permits it.",
    text: `@id("deploy-bot")
permit (principal, action == Action::"execute", resource)
when {
  principal.name == "deploy-bot" &&
  ["deploy", "rollback"].contains(context.action)
};

@id("deploy-bot-daily")
@reason("deploy-bot has made its 50 calls of today.")
forbid (principal, action == Action::"execute", resource)
when {
  principal.name == "deploy-bot" &&
  context has today &&
  context.today.calls >= 50
};
`,
  },
];
