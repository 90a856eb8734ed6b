import type { Operation } from "../http/operation.js";
import { listAgentsOperation } from "./agents/list.js";
import { createApiKeyOperation } from "./api-keys/create.js";
import { listApiKeysOperation } from "./api-keys/list.js";
import { revokeApiKeyOperation } from "./api-keys/revoke.js";
import { streamEventsOperation } from "./events/stream.js";
import { liveOperation } from "./health/live.js";
import { metricsOperation } from "./health/metrics.js";
import { readyOperation } from "./health/ready.js";
import { getIdentityOperation } from "./me/get.js";
import { createOperatorTokenOperation } from "./operator-tokens/create.js";
import { listOperatorTokensOperation } from "./operator-tokens/list.js";
import { revokeOperatorTokenOperation } from "./operator-tokens/revoke.js";
import { changeOperatorOperation } from "./operators/change.js";
import { inviteOperatorOperation } from "./operators/invite.js";
import { listOperatorsOperation } from "./operators/list.js";
import { removeOperatorOperation } from "./operators/remove.js";
import { createSignInLinkOperation } from "./operators/sign-in-link.js";
import { createProjectOperation } from "./projects/create.js";
import { listProjectsOperation } from "./projects/list.js";
import { openapiOperation } from "./reference/openapi.js";
import { referencePageOperation } from "./reference/page.js";
import { referenceScriptOperation } from "./reference/script.js";
import { cancelRequestOperation } from "./requests/cancel.js";
import { createRequestOperation } from "./requests/create.js";
import { decideRequestOperation } from "./requests/decide.js";
import { listRequestEventsOperation } from "./requests/events.js";
import { getRequestOperation } from "./requests/get.js";
import { listRequestsOperation } from "./requests/list.js";
import { signInOperation } from "./session/sign-in.js";
import { signOutOperation } from "./session/sign-out.js";

const described: readonly Operation[] = [
  createRequestOperation,
  listRequestsOperation,
  getRequestOperation,
  listRequestEventsOperation,
  cancelRequestOperation,
  decideRequestOperation,
  streamEventsOperation,
  getIdentityOperation,
  listProjectsOperation,
  createProjectOperation,
  listAgentsOperation,
  listApiKeysOperation,
  createApiKeyOperation,
  revokeApiKeyOperation,
  listOperatorsOperation,
  inviteOperatorOperation,
  changeOperatorOperation,
  removeOperatorOperation,
  createSignInLinkOperation,
  listOperatorTokensOperation,
  createOperatorTokenOperation,
  revokeOperatorTokenOperation,
  signInOperation,
  signOutOperation,
  liveOperation,
  readyOperation,
  metricsOperation,
];

/** Every operation there is. The app, its description and the tables of the tests come from here. */
export const operations: readonly Operation[] = [
  ...described,
  openapiOperation(described),
  referencePageOperation,
  referenceScriptOperation,
];
