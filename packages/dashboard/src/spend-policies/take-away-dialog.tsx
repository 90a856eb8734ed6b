import { useQueryClient } from "@tanstack/react-query";
import { useSession } from "../session/session.js";
import { ConfirmDialog } from "../ui/confirm.js";
import { holderBody, type PolicyHolder, setSpendPolicy } from "./queries.js";

/** Leaves a holder without a policy. Its revisions stay. */
export function TakeAwayDialog({
  holder,
  name,
  onClose,
}: {
  holder: PolicyHolder;
  name: string;
  onClose: () => void;
}) {
  const { project } = useSession();
  const client = useQueryClient();
  const takeAway = async () => {
    await setSpendPolicy(project.id, { ...holderBody(holder), policy: null });
    await client.invalidateQueries({ queryKey: ["spend-policies", project.id] });
  };
  return (
    <ConfirmDialog
      title="Take the policy away"
      text={`No policy limits ${name} then: only budgets and other policies do, and what none of those lets through waits for a person. The revisions stay, and can be restored.`}
      action="Take the policy away"
      onConfirm={takeAway}
      onClose={onClose}
    />
  );
}
