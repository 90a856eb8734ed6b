import { ERROR_CODES, LIMITS } from "@holdpoint/protocol";
import * as schemas from "@holdpoint/protocol/schemas";
import { z } from "zod";
import { IDEMPOTENCY_HEADER, REPLAYED_HEADER } from "./idempotency.js";
import type { AgentMinimum, Audience, Operation, ResponseDescription } from "./operation.js";

const DESCRIPTION = `Agents ask, people decide. Agents send \`Authorization: Bearer hp_…\`, or \`Authorization: DPoP …\` with a lease and in \`DPoP\` a proof by its key (RFC 9449) that names the body's digest as \`body_sha256\`; operators sign in, or send \`Bearer hpo_…\`.

Every error is \`application/problem+json\` (RFC 9457) with a stable \`code\`; every answer carries \`X-Trace-Id\`.`;

/** Schemas with a name of their own; any other is named after its operation. */
const NAMED_SCHEMAS = {
  Request: schemas.requestSchema,
  Event: schemas.eventSchema,
  Execution: schemas.executionSchema,
  Record: schemas.recordSchema,
  Observation: schemas.observationSchema,
  Problem: schemas.problemSchema,
  Project: schemas.projectSchema,
  Agent: schemas.agentSchema,
  ApiKey: schemas.apiKeySchema,
  Operator: schemas.operatorSchema,
  OperatorToken: schemas.operatorTokenSchema,
  SignInLink: schemas.signInLinkSchema,
  Identity: schemas.identitySchema,
} as const;

/**
 * The OpenAPI 3.1 document of a list of operations. Its schemas are zod's own conversion: the
 * generators made for Hono write a regular expression's flags into `pattern`.
 */
export function describeApi(operations: readonly Operation[], publicUrl: string): object {
  const components = new Components();
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    const path = operation.path.replace("*}", "}");
    paths[path] ??= {};
    Object.assign(paths[path] as object, {
      [operation.method]: describeOperation(operation, components),
    });
  }
  return {
    openapi: "3.1.0",
    info: { title: "Holdpoint", version: "1", description: DESCRIPTION },
    servers: [{ url: publicUrl }],
    paths,
    components: { schemas: components.render(), securitySchemes: SECURITY_SCHEMES },
  };
}

const SECURITY_SCHEMES = {
  apiKey: { type: "http", scheme: "bearer", description: "An agent's API key, hp_…" },
  lease: { type: "http", scheme: "dpop", description: "A lease, with a proof by its key" },
  operatorToken: { type: "http", scheme: "bearer", description: "An operator's token, hpo_…" },
  session: { type: "apiKey", in: "cookie", name: "holdpoint.session_token" },
} as const;

class Components {
  readonly #registry = z.registry<{ id: string }>();

  constructor() {
    for (const [id, schema] of Object.entries(NAMED_SCHEMAS)) this.#registry.add(schema, { id });
  }

  reference(schema: z.ZodType, name: string): object {
    if (!this.#registry.has(schema)) this.#registry.add(schema, { id: name });
    return { $ref: referenceTo(this.#registry.get(schema)?.id ?? name) };
  }

  render(): Record<string, object> {
    const { schemas: made } = z.toJSONSchema(this.#registry, {
      io: "input",
      unrepresentable: "any",
      uri: referenceTo,
    });
    return Object.fromEntries(
      Object.entries(made).map(([name, { $schema, $id, ...schema }]) => [name, schema]),
    );
  }
}

function referenceTo(name: string): string {
  return `#/components/schemas/${name}`;
}

function describeOperation(operation: Operation, components: Components): object {
  const { id, tag, summary, description, audience, body, example } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: [description, describeAudience(audience)].filter(Boolean).join("\n\n"),
    security: securityOf(audience),
    parameters: [
      ...parametersOf(operation.params, "path"),
      ...parametersOf(operation.query, "query"),
      ...projectParameter(audience),
      ...idempotencyParameter(operation),
    ],
    ...(body && {
      requestBody: {
        required: true,
        content: {
          "application/json": {
            schema: components.reference(body, `${capitalized(id)}Body`),
            ...(example !== undefined && { example }),
          },
        },
      },
    }),
    responses: describeResponses(operation, components),
  };
}

function describeResponses(operation: Operation, components: Components): object {
  const answers = Object.entries(operation.responses).map(([status, response]) => [
    status,
    describeResponse(response, components, `${capitalized(operation.id)}Answer`),
  ]);
  const problem = {
    description: `A problem. Codes: ${codesOf(operation).join(", ")}.`,
    content: {
      "application/problem+json": {
        schema: components.reference(schemas.problemSchema, "Problem"),
      },
    },
  };
  return { ...Object.fromEntries(answers), default: problem };
}

function describeResponse(
  { description, schema, contentType = "application/json" }: ResponseDescription,
  components: Components,
  name: string,
): object {
  if (schema === undefined) return { description };
  return {
    description,
    content: { [contentType]: { schema: components.reference(schema, name) } },
  };
}

/** The codes of the server; those of a client alone have no status. */
function codesOf({ audience, body }: Operation): string[] {
  const identity = [401, 403];
  const input = [413, 415];
  return Object.entries(ERROR_CODES)
    .filter(([, { status }]) => status !== null)
    .filter(([, { status }]) => !("public" in audience) || !identity.includes(Number(status)))
    .filter(([, { status }]) => body !== undefined || !input.includes(Number(status)))
    .map(([code]) => code);
}

function parametersOf(schema: z.ZodObject | undefined, place: "path" | "query"): object[] {
  return Object.entries(schema?.shape ?? {}).map(([name, part]) => {
    const field = part as z.ZodType;
    const { $schema, ...described } = z.toJSONSchema(field, {
      io: "input",
      unrepresentable: "any",
    });
    const required = place === "path" || !field.safeParse(undefined).success;
    return { name, in: place, required, schema: described };
  });
}

function projectParameter(audience: Audience): object[] {
  if ("public" in audience || !(audience.operator === "member" || audience.operator === "admin")) {
    return [];
  }
  const description = "The project to act in, for an operator who has several.";
  return [
    {
      name: "Holdpoint-Project",
      in: "header",
      required: false,
      description,
      schema: { type: "string" },
    },
  ];
}

function idempotencyParameter({ idempotent }: Operation): object[] {
  if (idempotent !== true) return [];
  return [
    {
      name: IDEMPOTENCY_HEADER,
      in: "header",
      required: false,
      description: `Makes sending the call again safe: the same key and body are answered what the first was, with \`${REPLAYED_HEADER}: true\`. Kept for 30 days.`,
      schema: { type: "string", minLength: 1, maxLength: LIMITS.idempotencyKeyLength },
    },
  ];
}

function securityOf(audience: Audience): object[] {
  if ("public" in audience) return [];
  const operator = audience.operator === undefined ? [] : [{ operatorToken: [] }, { session: [] }];
  const agent = agentSecurityOf(audience.agent);
  return audience.operator === "session" ? [{ session: [] }] : [...agent, ...operator];
}

function agentSecurityOf(minimum: AgentMinimum | undefined): object[] {
  if (minimum === undefined) return [];
  if (minimum === "lease") return [{ lease: [] }];
  return minimum === "credential" ? [{ apiKey: [] }] : [{ apiKey: [] }, { lease: [] }];
}

function describeAgents(minimum: AgentMinimum): string {
  if (minimum === "any") return "agents";
  if (minimum === "lease") return "agents with a lease";
  if (minimum === "credential") return "agents with `gate`, by an API key or a key of their own";
  return `agents with \`${minimum}\``;
}

function describeAudience(audience: Audience): string {
  if ("public" in audience) return "Open to everybody.";
  const { agent, operator } = audience;
  const parts: string[] = [];
  if (agent !== undefined) parts.push(describeAgents(agent));
  if (operator === "admin") parts.push("operators with the role `admin`");
  else if (operator !== undefined) parts.push("operators");
  return `For ${parts.join(" and ")}.`;
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
