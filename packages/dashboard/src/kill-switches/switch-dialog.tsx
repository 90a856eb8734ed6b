import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSession } from "../session/session.js";
import { FormModal } from "../ui/form-modal.js";
import { ReasonField } from "../ui/reason-field.js";
import { Text } from "../ui/text.js";
import { setKillSwitch } from "./queries.js";

export interface SwitchTarget {
  /** Absent: the whole project. */
  readonly agentId?: string;
  readonly name: string;
  readonly stopped: boolean;
}

/** Stops spending, or lets it go on: an act of its own, said aloud, with a reason to keep. */
export function SwitchDialog({ target, onClose }: { target: SwitchTarget; onClose: () => void }) {
  const { project } = useSession();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const stopping = !target.stopped;
  const flip = useMutation({
    mutationFn: () =>
      setKillSwitch(project.id, {
        ...(target.agentId !== undefined && { agent_id: target.agentId }),
        stopped: stopping,
        ...(reason.trim() !== "" && { reason: reason.trim() }),
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["requests", project.id] });
      onClose();
    },
  });
  return (
    <FormModal
      title={stopping ? "Stop spending" : "Let spending go on"}
      action={stopping ? "Stop spending now" : "Let it go on"}
      look={stopping ? "danger" : "primary"}
      ready={!flip.isPending}
      error={flip.error}
      onSubmit={() => flip.mutate()}
      onClose={onClose}
    >
      <p>
        <strong>
          <Text maxLength={100}>{target.name}</Text>
        </strong>
        {target.agentId === undefined && ", the whole project"}
      </p>
      <p className="text-soft">
        {stopping
          ? "From this moment nothing new is reserved and nothing that waits can be approved. What is held stays held, and what was paid already can still be confirmed."
          : "New purchases are judged again by the policies and budgets in force. Nothing that was refused meanwhile comes back."}
        {stopping && " Only an admin lets it go on."}
      </p>
      <ReasonField value={reason} onChange={setReason} />
    </FormModal>
  );
}
