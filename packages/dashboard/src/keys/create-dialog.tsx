import { API_KEY_SCOPES, type ApiKeyScope } from "@holdpoint/protocol";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { AgentNameField } from "../agents/name-field.js";
import { useSession } from "../session/session.js";
import { CopyBlock } from "../ui/copy.js";
import { FormModal } from "../ui/form-modal.js";
import { ShownOnce } from "../ui/shown-once.js";
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
  const create = useMutation({
    mutationFn: () => createApiKey(project.id, { agent: agent.trim(), scopes }),
    onSuccess: onCreated,
  });

  if (create.data) {
    return (
      <ShownOnce title="Your new API key" onClose={onClose}>
        <p>This is the only time it is shown. Put it where the agent reads its secrets.</p>
        <CopyBlock label="API key" text={create.data.api_key} />
        <CopyBlock
          label="environment"
          text={`HOLDPOINT_URL=${location.origin}\nHOLDPOINT_API_KEY=${create.data.api_key}`}
        />
      </ShownOnce>
    );
  }
  return (
    <FormModal
      title="Create API key"
      action="Create key"
      ready={agent.trim() !== "" && scopes.length > 0 && !create.isPending}
      error={create.error}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <AgentNameField name={agent} onChange={setAgent} />
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
    </FormModal>
  );
}
