import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSession } from "../session/session.js";
import { FormModal } from "../ui/form-modal.js";
import { ReasonField } from "../ui/reason-field.js";
import { Text } from "../ui/text.js";
import { authorityQuery, setAuthority } from "./queries.js";

const WORDS = {
  freeze: {
    title: "Freeze all authority",
    action: "Freeze everything now",
    look: "stop",
    points: [
      "Every lease ends at once, and no new one is issued.",
      "Nothing that was approved before can run any more, not even after a thaw.",
      "What is running now ends by itself, and is recorded.",
      "Agents can still ask, and people can still read. Only an admin thaws.",
    ],
  },
  thaw: {
    title: "Thaw authority",
    action: "Thaw",
    look: "primary",
    points: [
      "Agents can have leases again, and what is approved from now on can run.",
      "Nothing from before the freeze comes back: its leases and approvals stay dead.",
    ],
  },
} as const;

/** Freezes everything, or thaws it: an act of its own, said in plain words, with a reason to keep. */
export function AuthorityDialog({
  act,
  onClose,
}: {
  act: keyof typeof WORDS;
  onClose: () => void;
}) {
  const { project } = useSession();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const { title, action, look, points } = WORDS[act];
  const change = useMutation({
    mutationFn: () =>
      setAuthority(project.id, {
        frozen: act === "freeze",
        ...(reason.trim() !== "" && { reason: reason.trim() }),
      }),
    onSuccess: async (authority) => {
      client.setQueryData(authorityQuery(project.id).queryKey, authority);
      await client.invalidateQueries({ queryKey: ["requests", project.id] });
      onClose();
    },
  });
  return (
    <FormModal
      title={title}
      action={action}
      look={look}
      ready={!change.isPending}
      error={change.error}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      <p>
        <strong>
          <Text maxLength={100}>{project.name}</Text>
        </strong>
        , the whole project
      </p>
      <ul className="list-disc space-y-1 pl-5 text-soft">
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      <ReasonField value={reason} onChange={setReason} />
    </FormModal>
  );
}
