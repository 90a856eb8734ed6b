/**
 * What policies are written against, as a Cedar schema. It is the same for every project, whatever
 * the payloads of its agents look like: a payload's leaves are tags, named by their JSON Pointer
 * (RFC 6901), so that strict validation knows the type of each.
 *
 * @see https://docs.cedarpolicy.com/schema/human-readable-schema.html
 */
export const POLICY_SCHEMA = `// Who asks. Its id is the agent's (agt_…), its scopes are those of its credential.
entity Agent = { name: String, scopes: Set<String> };

// What is asked for. Its id is <service>/<action>.
entity Intent;

// The leaves of a payload, by JSON Pointer: every one as text, whole numbers, true and false.
entity Text tags String;
entity Numbers tags Long;
entity Flags tags Bool;

type Question = {
  service: String,
  action: String,
  // low, medium, high or critical: what the agent says, or the risk of an action.
  priority: String,
  environment?: String,
  run_id?: String,
  scopes: Set<String>,
  // UTC. Weekdays are counted from Monday, which is 1.
  time: { unix_ms: Long, hour: Long, weekday: Long, date: String },
  // Of a purchase, or of an action that costs something. In minor units.
  spend?: { amount_minor: Long, currency: String, category?: String, payee?: String },
  // What the agent has called through the gate today, and at what cost.
  today?: { calls: Long, cost_minor: Long },
  // How it compares with what the service is known to do; mode is shadow, locked or enforce. One run in
  // one_in is as surprising, once enough are known. The shield tightens what a policy says of it.
  shield?: { mode: String, anomalous: Bool, one_in?: Long },
  // Absent where it is encrypted.
  payload?: { text: Text, numbers: Numbers, flags: Flags },
};

// A thing to ask a person, money to spend, an action to run.
action ask, purchase, execute appliesTo {
  principal: [Agent],
  resource: [Intent],
  context: Question,
};
`;
