/** What a person does in the browser: takes something off, and approves. */
export async function approveWithLess(id: string): Promise<void> {
  const { HOLDPOINT_URL, HOLDPOINT_OPERATOR_TOKEN } = process.env;
  const response = await fetch(`${HOLDPOINT_URL}/v1/requests/${id}/decision`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${HOLDPOINT_OPERATOR_TOKEN}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      decision: "approve",
      revision: 1,
      patched_payload: { to: "Ada", amount: 200 },
      reason: "The rest next month.",
    }),
  });
  if (!response.ok) throw new Error(`Not approved: ${await response.text()}`);
}
