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
export {
  agentKeySchema,
  disputeEscrowSchema,
  escrowEnvelopeSchema,
  escrowSchema,
  fulfilEscrowSchema,
  listAgentKeysSchema,
  listEscrowsSchema,
  openEscrowSchema,
  registerAgentKeySchema,
  releaseEscrowSchema,
} from "./escrow.js";
export {
  claimSchema,
  commitSchema,
  executionSchema,
  failSchema,
  getExecutionSchema,
  reconcileSchema,
  renewSchema,
} from "./execution.js";
export { jsonObject, jsonValue } from "./json.js";
export {
  createObservationsSchema,
  listObservationsSchema,
  observationSchema,
  observeSchema,
} from "./observation.js";
export {
  changeOrganisationSchema,
  createOrganisationSchema,
  organisationSchema,
} from "./organisation.js";
export {
  digestSchema,
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
  listReceiptsSchema,
  loggedReceiptSchema,
  receiptSchema,
  rotateSigningKeySchema,
  signingKeySchema,
  signingKeysSchema,
} from "./receipt.js";
export {
  deleteRecordsSchema,
  listRecordsSchema,
  putRecordSchema,
  putRecordsSchema,
  recordKeySchema,
  recordSchema,
} from "./record.js";
export {
  actorSchema,
  changeSchema,
  createRequestSchema,
  decisionSchema,
  diffSchema,
  eventSchema,
  getRequestSchema,
  grantSchema,
  listRequestsSchema,
  payloadSchema,
  requestSchema,
} from "./request.js";
export {
  budgetSchema,
  burnDownSchema,
  confirmPurchaseSchema,
  createPurchaseSchema,
  getBurnDownSchema,
  killSwitchSchema,
  ledgerEntrySchema,
  listLedgerEntriesSchema,
  listPurchasesSchema,
  listSpendPoliciesSchema,
  moneySchema,
  paymentChallengeSchema,
  purchaseDetailsSchema,
  purchaseSchema,
  refundPurchaseSchema,
  setBudgetSchema,
  setKillSwitchSchema,
  setSpendPolicySchema,
  spendCheckSchema,
  spendPolicyTrialSchema,
  storedSpendPolicySchema,
  trySpendPolicySchema,
} from "./spend.js";
export {
  categorySchema,
  currencySchema,
  spendPolicyJsonSchema,
  spendPolicySchema,
} from "./spend-policy.js";
export { createStateSchema, stateSchema } from "./state.js";
export {
  changeWebhookEndpointSchema,
  createWebhookEndpointSchema,
  listWebhookDeliveriesSchema,
  secretWebhookEndpointSchema,
  webhookDeliverySchema,
  webhookEndpointSchema,
} from "./webhook.js";
