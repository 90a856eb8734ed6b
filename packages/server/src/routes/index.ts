import type { Operation } from "../http/operation.js";
import { getActionEgressOperation } from "./actions/egress.js";
import { executeActionOperation } from "./actions/execute.js";
import { getActionOperation } from "./actions/get.js";
import { listActionsOperation } from "./actions/list.js";
import { registerActionOperation } from "./actions/register.js";
import { listActionVersionsOperation } from "./actions/versions.js";
import { withdrawActionOperation } from "./actions/withdraw.js";
import { enrolAgentOperation } from "./agent-identities/enrol.js";
import { listAgentIdentitiesOperation } from "./agent-identities/list.js";
import { revokeAgentIdentityOperation } from "./agent-identities/revoke.js";
import { listAgentKeysOperation } from "./agent-keys/list.js";
import { registerAgentKeyOperation } from "./agent-keys/register.js";
import { getAgentOperation } from "./agents/get.js";
import { listAgentsOperation } from "./agents/list.js";
import { setAgentLimitsOperation } from "./agents/set-limits.js";
import { createApiKeyOperation } from "./api-keys/create.js";
import { listApiKeysOperation } from "./api-keys/list.js";
import { revokeApiKeyOperation } from "./api-keys/revoke.js";
import { getApprovalOperation } from "./approvals/get.js";
import { getAuthorityOperation } from "./authority/get.js";
import { setAuthorityOperation } from "./authority/set.js";
import { downloadBlobOperation } from "./blobs/get.js";
import { uploadBlobOperation } from "./blobs/put.js";
import { getBurnDownOperation } from "./budgets/burn-down.js";
import { listLedgerEntriesOperation } from "./budgets/entries.js";
import { listBudgetsOperation } from "./budgets/list.js";
import { setBudgetOperation } from "./budgets/set.js";
import { createEnrolmentOperation } from "./enrolments/create.js";
import { disputeEscrowOperation } from "./escrows/dispute.js";
import { fulfilEscrowOperation } from "./escrows/fulfil.js";
import { getEscrowOperation } from "./escrows/get.js";
import { listEscrowsOperation } from "./escrows/list.js";
import { openEscrowOperation } from "./escrows/open.js";
import { releaseEscrowOperation } from "./escrows/release.js";
import { streamEventsOperation } from "./events/stream.js";
import { claimExecutionOperation } from "./executions/claim.js";
import { commitExecutionOperation } from "./executions/commit.js";
import { failExecutionOperation } from "./executions/fail.js";
import { getExecutionOperation } from "./executions/get.js";
import { reconcileExecutionOperation } from "./executions/reconcile.js";
import { renewExecutionOperation } from "./executions/renew.js";
import { liveOperation } from "./health/live.js";
import { metricsOperation } from "./health/metrics.js";
import { readyOperation } from "./health/ready.js";
import { listKillSwitchesOperation } from "./kill-switches/list.js";
import { setKillSwitchOperation } from "./kill-switches/set.js";
import { createLeaseOperation } from "./leases/create.js";
import { listLeasesOperation } from "./leases/list.js";
import { revokeLeaseOperation } from "./leases/revoke.js";
import { getCheckpointOperation } from "./log/checkpoint.js";
import { getTileOperation } from "./log/tile.js";
import { getIdentityOperation } from "./me/get.js";
import { createObservationsOperation } from "./observations/create.js";
import { listObservationsOperation } from "./observations/list.js";
import { createOperatorTokenOperation } from "./operator-tokens/create.js";
import { listOperatorTokensOperation } from "./operator-tokens/list.js";
import { revokeOperatorTokenOperation } from "./operator-tokens/revoke.js";
import { changeOperatorOperation } from "./operators/change.js";
import { inviteOperatorOperation } from "./operators/invite.js";
import { listOperatorsOperation } from "./operators/list.js";
import { removeOperatorOperation } from "./operators/remove.js";
import { createSignInLinkOperation } from "./operators/sign-in-link.js";
import { changeOrganisationOperation } from "./organisations/change.js";
import { createOrganisationOperation } from "./organisations/create.js";
import { listOrganisationsOperation } from "./organisations/list.js";
import { checkPolicyOperation } from "./policies/check.js";
import { explainPolicyOperation } from "./policies/explain.js";
import { listPoliciesOperation } from "./policies/list.js";
import { setPolicyOperation } from "./policies/set.js";
import { tryPolicyOperation } from "./policies/try.js";
import { listPolicySuggestionsOperation } from "./policy-suggestions/list.js";
import { createProjectOperation } from "./projects/create.js";
import { listProjectsOperation } from "./projects/list.js";
import { confirmPurchaseOperation } from "./purchases/confirm.js";
import { createPurchaseOperation } from "./purchases/create.js";
import { getPurchaseOperation } from "./purchases/get.js";
import { listPurchasesOperation } from "./purchases/list.js";
import { refundPurchaseOperation } from "./purchases/refund.js";
import { getReceiptOperation } from "./receipts/get.js";
import { listReceiptsOperation } from "./receipts/list.js";
import { listRecordsOperation } from "./records/list.js";
import { putRecordsOperation } from "./records/put.js";
import { removeRecordsOperation } from "./records/remove.js";
import { openapiOperation } from "./reference/openapi.js";
import { referencePageOperation } from "./reference/page.js";
import { referenceScriptOperation } from "./reference/script.js";
import { cancelRequestOperation } from "./requests/cancel.js";
import { createRequestOperation } from "./requests/create.js";
import { decideRequestOperation } from "./requests/decide.js";
import { listRequestEventsOperation } from "./requests/events.js";
import { getRequestOperation } from "./requests/get.js";
import { listRequestsOperation } from "./requests/list.js";
import { listSecretsOperation } from "./secrets/list.js";
import { removeSecretOperation } from "./secrets/remove.js";
import { setSecretOperation } from "./secrets/set.js";
import { signInOperation } from "./session/sign-in.js";
import { signOutOperation } from "./session/sign-out.js";
import { getShieldProfileOperation } from "./shield/get.js";
import { listShieldProfilesOperation } from "./shield/list.js";
import { reviewShieldStepOperation } from "./shield/review.js";
import { listShieldRunsOperation } from "./shield/runs.js";
import { setShieldModeOperation } from "./shield/set-mode.js";
import { setShieldSettingsOperation } from "./shield/set-settings.js";
import { listShieldStepsOperation } from "./shield/steps.js";
import { listSigningKeysOperation } from "./signing-keys/list.js";
import { rotateSigningKeyOperation } from "./signing-keys/rotate.js";
import { listSpendPoliciesOperation } from "./spend-policies/list.js";
import { setSpendPolicyOperation } from "./spend-policies/set.js";
import { trySpendPolicyOperation } from "./spend-policies/try.js";
import { createStateOperation } from "./states/create.js";
import { getStateOperation } from "./states/get.js";
import { createWasmModuleOperation } from "./wasm-modules/create.js";
import { listWebhookDeliveriesOperation } from "./webhook-deliveries/list.js";
import { replayWebhookDeliveryOperation } from "./webhook-deliveries/replay.js";
import { changeWebhookEndpointOperation } from "./webhook-endpoints/change.js";
import { createWebhookEndpointOperation } from "./webhook-endpoints/create.js";
import { listWebhookEndpointsOperation } from "./webhook-endpoints/list.js";
import { removeWebhookEndpointOperation } from "./webhook-endpoints/remove.js";
import { rotateWebhookSecretOperation } from "./webhook-endpoints/rotate-secret.js";
import { testWebhookEndpointOperation } from "./webhook-endpoints/send-test.js";

const described: readonly Operation[] = [
  createRequestOperation,
  listRequestsOperation,
  getRequestOperation,
  listRequestEventsOperation,
  cancelRequestOperation,
  decideRequestOperation,
  claimExecutionOperation,
  getExecutionOperation,
  renewExecutionOperation,
  commitExecutionOperation,
  failExecutionOperation,
  reconcileExecutionOperation,
  createPurchaseOperation,
  listPurchasesOperation,
  getPurchaseOperation,
  confirmPurchaseOperation,
  refundPurchaseOperation,
  registerAgentKeyOperation,
  listAgentKeysOperation,
  openEscrowOperation,
  listEscrowsOperation,
  getEscrowOperation,
  fulfilEscrowOperation,
  releaseEscrowOperation,
  disputeEscrowOperation,
  setSpendPolicyOperation,
  listSpendPoliciesOperation,
  trySpendPolicyOperation,
  setKillSwitchOperation,
  listKillSwitchesOperation,
  setBudgetOperation,
  listBudgetsOperation,
  listLedgerEntriesOperation,
  getBurnDownOperation,
  setPolicyOperation,
  listPoliciesOperation,
  checkPolicyOperation,
  tryPolicyOperation,
  explainPolicyOperation,
  listPolicySuggestionsOperation,
  createOrganisationOperation,
  listOrganisationsOperation,
  changeOrganisationOperation,
  registerActionOperation,
  listActionsOperation,
  getActionOperation,
  listActionVersionsOperation,
  getActionEgressOperation,
  withdrawActionOperation,
  executeActionOperation,
  getApprovalOperation,
  setSecretOperation,
  listSecretsOperation,
  removeSecretOperation,
  createWasmModuleOperation,
  createStateOperation,
  getStateOperation,
  uploadBlobOperation,
  downloadBlobOperation,
  putRecordsOperation,
  listRecordsOperation,
  removeRecordsOperation,
  createObservationsOperation,
  listObservationsOperation,
  listShieldProfilesOperation,
  getShieldProfileOperation,
  setShieldModeOperation,
  setShieldSettingsOperation,
  listShieldRunsOperation,
  listShieldStepsOperation,
  reviewShieldStepOperation,
  getReceiptOperation,
  listReceiptsOperation,
  listSigningKeysOperation,
  rotateSigningKeyOperation,
  getCheckpointOperation,
  getTileOperation,
  streamEventsOperation,
  createLeaseOperation,
  listLeasesOperation,
  revokeLeaseOperation,
  getAuthorityOperation,
  setAuthorityOperation,
  createEnrolmentOperation,
  enrolAgentOperation,
  listAgentIdentitiesOperation,
  revokeAgentIdentityOperation,
  getIdentityOperation,
  listProjectsOperation,
  createProjectOperation,
  listAgentsOperation,
  getAgentOperation,
  setAgentLimitsOperation,
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
  listWebhookEndpointsOperation,
  createWebhookEndpointOperation,
  changeWebhookEndpointOperation,
  removeWebhookEndpointOperation,
  rotateWebhookSecretOperation,
  testWebhookEndpointOperation,
  listWebhookDeliveriesOperation,
  replayWebhookDeliveryOperation,
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
