import type { WireEnrolment } from "@holdpoint/protocol/gate";
import { createEnrolmentSchema, enrolmentSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { createEnrolment } from "../../pipeline/identity/create-enrolment.js";
import { wireTime } from "../time.js";

export const createEnrolmentOperation = operation({
  id: "createEnrolment",
  tag: "Gate",
  method: "post",
  path: "/v1/enrolments",
  audience: { operator: "admin" },
  summary: "Let an agent enrol a key of its own",
  description:
    "`code` is shown in this answer and never again. Whoever has it first enrols a key of theirs, once, with POST /v1/agent-identities.",
  body: createEnrolmentSchema,
  example: { agent: "db-agent", scopes: ["gate"] },
  idempotent: true,
  responses: { 201: { description: "The enrolment with its code.", schema: enrolmentSchema } },
  async handle({ context, caller, body, mint }) {
    const { enrolment, code } = await createEnrolment(context, caller, body, mint);
    const { id, agent, scopes, expiresAt } = enrolment;
    const made: WireEnrolment = { id, agent, scopes, code, expires_at: wireTime(expiresAt) };
    return { status: 201, body: made };
  },
});
