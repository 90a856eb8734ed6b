import { API_KEY_SCOPES, type ApiKeyScope, LIMITS } from "@holdpoint/protocol";
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { explainError } from "../server/error.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { CopyBlock } from "../ui/copy.js";
import { Modal } from "../ui/modal.js";
import { Notice } from "../ui/notice.js";
import { createApiKey } from "./queries.js";

/** Makes a key and shows it, once. */
export function CreateKeyDialog({
  onClose,
  onCreated,
}: {
  onClose: () => void;
  onCreated: () => void;
}) {
  const { project } = useSession();
  const [agent, setAgent] = useState("");
  const [scopes, setScopes] = useState<readonly ApiKeyScope[]>(API_KEY_SCOPES);
  const id = useId();
  const create = useMutation({
    mutationFn: () => createApiKey(project.id, { agent: agent.trim(), scopes }),
    onSuccess: onCreated,
  });

  if (create.data) {
    return (
      <Modal
        title="Your new API key"
        onClose={onClose}
        footer={
          <Button look="primary" onClick={onClose}>
            I have copied it
          </Button>
        }
      >
        <div className="space-y-3">
          <p>This is the only time it is shown. Put it where the agent reads its secrets.</p>
          <CopyBlock label="API key" text={create.data.api_key} />
          <CopyBlock
            label="environment"
            text={`HOLDPOINT_URL=${location.origin}\nHOLDPOINT_API_KEY=${create.data.api_key}`}
          />
        </div>
      </Modal>
    );
  }
  return (
    <Modal
      title="Create API key"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            type="submit"
            form={id}
            disabled={create.isPending || agent.trim() === "" || scopes.length === 0}
          >
            Create key
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <div>
          <label htmlFor={`${id}-agent`} className="font-semibold">
            Agent name
          </label>
          <input
            id={`${id}-agent`}
            data-autofocus
            className="field mt-1"
            maxLength={LIMITS.nameLength}
            value={agent}
            onChange={(event) => setAgent(event.target.value)}
          />
          <p className="mt-1 text-sm text-faint">
            Approvers see this name. A new name makes a new agent.
          </p>
        </div>
        <fieldset>
          <legend className="font-semibold">Scopes</legend>
          {API_KEY_SCOPES.map((scope) => (
            <label key={scope} className="flex min-h-8 items-center gap-2">
              <input
                type="checkbox"
                className="size-4 accent-accent"
                checked={scopes.includes(scope)}
                onChange={({ target }) =>
                  setScopes(
                    API_KEY_SCOPES.filter((each) =>
                      each === scope ? target.checked : scopes.includes(each),
                    ),
                  )
                }
              />
              <span className="font-mono text-sm">{scope}</span>
            </label>
          ))}
        </fieldset>
        {create.error && (
          <Notice tone="alert" title="No key was made">
            {explainError(create.error)}
          </Notice>
        )}
      </form>
    </Modal>
  );
}
