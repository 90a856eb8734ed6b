import type { WireApiKey } from "@holdpoint/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isServerError } from "../server/error.js";
import { canAdminister } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { Chip } from "../ui/chip.js";
import { ConfirmDialog } from "../ui/confirm.js";
import { CredentialRow } from "../ui/credential-row.js";
import { Page, Rows } from "../ui/page.js";
import { EmptyState, ErrorState, LoadingState } from "../ui/state.js";
import { useTitle } from "../ui/title.js";
import { CreateKeyDialog } from "./create-dialog.js";
import { apiKeysQuery, revokeApiKey } from "./queries.js";

/** `/keys`: what agents sign in with. */
export function KeysPage() {
  const { project, roles } = useSession();
  const query = useQuery({ ...apiKeysQuery(project.id), enabled: canAdminister(roles) });
  const client = useQueryClient();
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<WireApiKey>();
  useTitle("API keys");
  const reload = () => client.invalidateQueries({ queryKey: ["api-keys", project.id] });

  if (!canAdminister(roles) || isServerError(query.error, "ROLE_REQUIRED")) {
    return (
      <EmptyState title="Only admins see API keys">Ask an admin of {project.name}.</EmptyState>
    );
  }
  return (
    <Page
      title="API keys"
      about="What agents sign in with. A key can ask and read its own agent's requests; no key can decide one."
      action={
        <Button look="primary" onClick={() => setCreating(true)}>
          Create API key
        </Button>
      }
    >
      {query.isPending && <LoadingState what="API keys" />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.data.length === 0 && (
        <EmptyState title="No API keys yet">Create one for your first agent.</EmptyState>
      )}
      {query.data && query.data.data.length > 0 && (
        <Rows label="API keys">
          {query.data.data.map((key) => (
            <CredentialRow
              key={key.id}
              name={key.agent.name}
              credential={key}
              revokeLabel={`Revoke key of ${key.agent.name} ${key.hint}`}
              onRevoke={() => setRevoking(key)}
            >
              <span className="flex flex-wrap gap-1">
                {key.scopes.map((scope) => (
                  <Chip key={scope}>{scope}</Chip>
                ))}
              </span>
            </CredentialRow>
          ))}
        </Rows>
      )}
      {creating && (
        <CreateKeyDialog onClose={() => setCreating(false)} onCreated={() => void reload()} />
      )}
      {revoking && (
        <ConfirmDialog
          title="Revoke API key"
          text={`The key ${revoking.hint} of ${revoking.agent.name} stops working at once, for good. Requests it has made stay.`}
          action="Revoke key"
          onConfirm={() => revokeApiKey(project.id, revoking.id).then(reload)}
          onClose={() => setRevoking(undefined)}
        />
      )}
    </Page>
  );
}
