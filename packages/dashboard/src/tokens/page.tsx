import { LIMITS, type WireOperatorToken } from "@holdpoint/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { ConfirmDialog } from "../ui/confirm.js";
import { CopyBlock } from "../ui/copy.js";
import { CredentialRow } from "../ui/credential-row.js";
import { FormModal } from "../ui/form-modal.js";
import { Page, Rows } from "../ui/page.js";
import { ShownOnce } from "../ui/shown-once.js";
import { EmptyState, ErrorState, LoadingState } from "../ui/state.js";
import { useTitle } from "../ui/title.js";
import { createToken, revokeToken, tokensQuery } from "./queries.js";

/** `/tokens`: what the signed-in person uses in the terminal. */
export function TokensPage() {
  const { project } = useSession();
  const query = useQuery(tokensQuery(project.id));
  const client = useQueryClient();
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<WireOperatorToken>();
  useTitle("Terminal tokens");
  const reload = () => client.invalidateQueries({ queryKey: ["operator-tokens", project.id] });
  return (
    <Page
      title="Terminal tokens"
      about="Your own tokens for the holdpoint command. Each decides as you: never give one to an agent."
      action={
        <Button look="primary" onClick={() => setCreating(true)}>
          Create token
        </Button>
      }
    >
      {query.isPending && <LoadingState what="tokens" />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.data.length === 0 && <EmptyState title="You have no tokens" />}
      {query.data && query.data.data.length > 0 && (
        <Rows label="Terminal tokens">
          {query.data.data.map((token) => (
            <CredentialRow
              key={token.id}
              name={token.name}
              credential={token}
              revokeLabel={`Revoke token ${token.name}`}
              onRevoke={() => setRevoking(token)}
            />
          ))}
        </Rows>
      )}
      {creating && (
        <CreateTokenDialog onClose={() => setCreating(false)} onCreated={() => void reload()} />
      )}
      {revoking && (
        <ConfirmDialog
          title="Revoke token"
          text={`The token ${revoking.name} stops working at once, for good.`}
          action="Revoke token"
          onConfirm={() => revokeToken(project.id, revoking.id).then(reload)}
          onClose={() => setRevoking(undefined)}
        />
      )}
    </Page>
  );
}

function CreateTokenDialog({ onClose, onCreated }: { onClose: () => void; onCreated: () => void }) {
  const { project } = useSession();
  const [name, setName] = useState("");
  const id = useId();
  const create = useMutation({
    mutationFn: () => createToken(project.id, { name: name.trim() }),
    onSuccess: onCreated,
  });
  if (create.data) {
    return (
      <ShownOnce title="Your new token" onClose={onClose}>
        <p>This is the only time it is shown.</p>
        <CopyBlock label="token" text={create.data.token} />
      </ShownOnce>
    );
  }
  return (
    <FormModal
      title="Create token"
      action="Create token"
      ready={name.trim() !== "" && !create.isPending}
      error={create.error}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <div>
        <label htmlFor={`${id}-name`} className="font-semibold">
          Token name
        </label>
        <input
          id={`${id}-name`}
          data-autofocus
          className="field mt-1"
          placeholder="laptop"
          maxLength={LIMITS.nameLength}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
      </div>
    </FormModal>
  );
}
