import { z } from "zod";

/** What becomes of a call: see the policy table in the README. */
const VERDICT = z.enum(["ask", "allow", "observe", "deny"]);

const COMMON = {
  tools: z
    .record(z.string().min(1).max(200), VERDICT)
    .optional()
    .describe(
      "Verdicts by tool name, as the server itself names it. * stands for any text. The exact name counts first, then the longest pattern; what no pattern matches is ask.",
    ),
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9_-]{0,40}$/, "letters, digits, - and _, up to 40")
    .optional()
    .describe("Goes before the names of this server's tools. Default: the server's name and __."),
  service: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("How people read who would act. Default: the server's name."),
  priority: z
    .enum(["low", "medium", "high", "critical"])
    .optional()
    .describe("Of its requests. Default medium."),
  role: z
    .string()
    .min(1)
    .max(50)
    .optional()
    .describe("Only operators of this role (or admins) decide its requests."),
  timeout_ms: z
    .int()
    .min(1_000)
    .max(2_592_000_000)
    .optional()
    .describe("Milliseconds until a request expires undecided. Default 86400000 (24 hours)."),
  call_timeout_ms: z
    .int()
    .min(1_000)
    .max(86_400_000)
    .optional()
    .describe("Milliseconds a call of one of its tools may take. Default 300000 (5 minutes)."),
};

const STDIO_SERVER = z.strictObject({
  command: z.string().min(1).describe("The program to start."),
  args: z.array(z.string()).optional(),
  env: z.record(z.string().min(1), z.string()).optional().describe(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is written so in the file
    "Beside PATH, HOME and the like it gets only these. Values may hold ${NAME}, from the gateway's environment.",
  ),
  cwd: z.string().min(1).optional().describe("Default: the folder of this file."),
  ...COMMON,
});

const HTTP_SERVER = z.strictObject({
  url: z.string().min(1).describe("Streamable HTTP. http:// or https://"),
  headers: z.record(z.string().min(1), z.string()).optional(),
  ...COMMON,
});

const SERVER_NAME = z
  .string()
  .regex(
    /^(?!holdpoint$)[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/,
    "1 to 32 letters, digits, - and _, a letter or digit first, and not holdpoint",
  );

/** What gateway.json may hold. */
export const CONFIG_SCHEMA = z.strictObject({
  $schema: z.string().optional(),
  servers: z
    .record(SERVER_NAME, z.union([STDIO_SERVER, HTTP_SERVER]))
    .refine((servers) => Object.keys(servers).length > 0, "at least one server")
    .describe("The MCP servers behind the gateway, by a name of your own."),
});

export type GatewayConfig = z.infer<typeof CONFIG_SCHEMA>;
export type ServerConfig = GatewayConfig["servers"][string];

/** The same for editors. `gateway.schema.json` beside this file holds it. */
export function toJsonSchema(): Record<string, unknown> {
  return { title: "Holdpoint MCP gateway", ...z.toJSONSchema(CONFIG_SCHEMA, { io: "input" }) };
}
