export {
  agentSchema,
  apiKeySchema,
  changeOperatorSchema,
  createApiKeySchema,
  createdApiKeySchema,
  createdOperatorTokenSchema,
  createOperatorTokenSchema,
  createProjectSchema,
  identitySchema,
  invitedOperatorSchema,
  inviteOperatorSchema,
  operatorSchema,
  operatorTokenSchema,
  projectSchema,
  signInLinkSchema,
} from "./account.js";
export { jsonObject, jsonValue } from "./json.js";
export {
  executionStatusSchema,
  idSchema,
  lineSchema,
  prioritySchema,
  reasonSchema,
  requestStatusSchema,
  roleSchema,
  timeSchema,
} from "./parts.js";
export { listSchema, problemSchema } from "./problem.js";
export {
  actorSchema,
  changeSchema,
  createRequestSchema,
  decisionSchema,
  diffSchema,
  eventSchema,
  getRequestSchema,
  listRequestsSchema,
  requestSchema,
} from "./request.js";
