import { LIMITS } from "@holdpoint/protocol";
import type { WirePolicy } from "@holdpoint/protocol/policy";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { isServerError } from "../server/error.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { FormModal } from "../ui/form-modal.js";
import { Notice } from "../ui/notice.js";
import { Text } from "../ui/text.js";
import { setPolicy } from "./queries.js";
import { TextDiff } from "./text-diff.js";

/** The act that puts a text in force, with what it changes in view. */
export function EnforceDialog({
  text,
  base,
  current,
  onEnforced,
  onClose,
}: {
  text: string;
  /** The revision the text was made from; 0: there was none. */
  base: number;
  /** What is in force by now. */
  current: WirePolicy | undefined;
  onEnforced: (policy: WirePolicy) => void;
  onClose: () => void;
}) {
  const { project } = useSession();
  const client = useQueryClient();
  const [over, setOver] = useState(base);
  const [note, setNote] = useState("");
  const id = useId();
  const now = current?.revision ?? 0;
  const reload = () => client.invalidateQueries({ queryKey: ["policies", project.id, "list"] });
  const enforce = useMutation({
    mutationFn: () =>
      setPolicy(project.id, {
        text,
        base_revision: over,
        ...(note.trim() !== "" && { note: note.trim() }),
      }),
    onSuccess: async (policy) => {
      await reload();
      onEnforced(policy);
    },
    onError: (error) => (isServerError(error, "REVISION_CONFLICT") ? reload() : undefined),
  });
  const isTaking = text.trim() === "";
  return (
    <FormModal
      title={isTaking ? "Take the policy away" : "Put in force"}
      action={isTaking ? "Take the policy away" : "Put in force"}
      look={isTaking ? "danger" : "primary"}
      ready={over === now && !enforce.isPending}
      error={isServerError(enforce.error, "REVISION_CONFLICT") ? undefined : enforce.error}
      onSubmit={() => enforce.mutate()}
      onClose={onClose}
    >
      <p>
        {isTaking
          ? "Without a policy a person is asked for everything, and the gate denies every call."
          : "From this moment it judges everything agents ask for, buy and run."}
      </p>
      {over !== now && current !== undefined && (
        <Notice tone="alert" title={`Revision ${now} was put in force meanwhile`}>
          <p>
            By <Text maxLength={100}>{current.created_by.name ?? current.created_by.id}</Text>.
            Below is what your text would change of it.
          </p>
          <Button className="mt-2" onClick={() => setOver(now)}>
            Put mine over revision {now}
          </Button>
        </Notice>
      )}
      <TextDiff from={current?.text ?? ""} to={text} label="What changes" />
      <div>
        <label htmlFor={id} className="font-semibold">
          Note
        </label>
        <span className="ml-2 text-xs text-faint">optional, for who reads the history</span>
        <input
          id={id}
          className="field mt-1"
          maxLength={LIMITS.policyNoteLength}
          value={note}
          onChange={({ target }) => setNote(target.value)}
        />
      </div>
    </FormModal>
  );
}
