import type { WireApiKey } from "@holdpoint/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isServerError } from "../server/error.js";
import { canAdminister } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { Chip } from "../ui/chip.js";
import { ConfirmDialog } from "../ui/confirm.js";
import { Page, Rows } from "../ui/page.js";
import { EmptyState, ErrorState, LoadingState } from "../ui/state.js";
import { Text } from "../ui/text.js";
import { Age, Countdown } from "../ui/time.js";
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
            <KeyRow key={key.id} apiKey={key} onRevoke={() => setRevoking(key)} />
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

function KeyRow({ apiKey, onRevoke }: { apiKey: WireApiKey; onRevoke: () => void }) {
  const { agent, hint, scopes, created_at, last_used_at, expires_at, revoked_at } = apiKey;
  return (
    <li
      className={`flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 ${revoked_at ? "text-faint" : ""}`}
    >
      <span className="min-w-0 basis-40 font-semibold">
        <Text maxLength={100}>{agent.name}</Text>
      </span>
      <code className="font-mono text-sm">{hint}</code>
      <span className="flex flex-wrap gap-1">
        {scopes.map((scope) => (
          <Chip key={scope}>{scope}</Chip>
        ))}
      </span>
      <span className="ml-auto text-sm text-soft">
        {revoked_at ? (
          <>
            revoked <Age at={revoked_at} />
          </>
        ) : (
          <>
            made <Age at={created_at} /> ·{" "}
            {last_used_at ? (
              <>
                used <Age at={last_used_at} />
              </>
            ) : (
              "never used"
            )}
            {expires_at && (
              <>
                {" · "}
                <Countdown until={expires_at} />
              </>
            )}
          </>
        )}
      </span>
      {!revoked_at && (
        <Button look="danger" aria-label={`Revoke key of ${agent.name} ${hint}`} onClick={onRevoke}>
          Revoke…
        </Button>
      )}
    </li>
  );
}
