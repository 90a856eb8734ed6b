import type { Change } from "@holdpoint/protocol";
import type { SpendPolicy } from "@holdpoint/protocol/spend";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { DiffView } from "../requests/diff-view.js";
import { useSession } from "../session/session.js";
import { FormModal } from "../ui/form-modal.js";
import { Text } from "../ui/text.js";
import { holderBody, type PolicyHolder, setSpendPolicy } from "./queries.js";

/** The act that puts a policy in force, with what it changes in view. */
export function ArmDialog({
  holder,
  name,
  policy,
  changes,
  onClose,
}: {
  holder: PolicyHolder;
  name: string;
  policy: SpendPolicy;
  changes: readonly Change[];
  onClose: () => void;
}) {
  const { project } = useSession();
  const client = useQueryClient();
  const arm = useMutation({
    mutationFn: () => setSpendPolicy(project.id, { ...holderBody(holder), policy }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["spend-policies", project.id] });
      onClose();
    },
  });
  return (
    <FormModal
      title="Arm this policy"
      action="Arm this policy"
      ready={!arm.isPending}
      error={arm.error}
      onSubmit={() => arm.mutate()}
      onClose={onClose}
    >
      <p>
        From this moment it judges every purchase of{" "}
        <strong>
          <Text maxLength={100}>{name}</Text>
        </strong>
        , and every approval of one that waits.
      </p>
      <DiffView changes={changes} label="What changes" />
    </FormModal>
  );
}
