import { LIMITS, type WireOperatorToken } from "@holdpoint/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { explainError } from "../server/error.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { ConfirmDialog } from "../ui/confirm.js";
import { CopyBlock } from "../ui/copy.js";
import { Modal } from "../ui/modal.js";
import { Notice } from "../ui/notice.js";
import { Page, Rows } from "../ui/page.js";
import { EmptyState, ErrorState, LoadingState } from "../ui/state.js";
import { Text } from "../ui/text.js";
import { Age } from "../ui/time.js";
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
            <TokenRow key={token.id} token={token} onRevoke={() => setRevoking(token)} />
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

function TokenRow({ token, onRevoke }: { token: WireOperatorToken; onRevoke: () => void }) {
  const { name, hint, created_at, last_used_at, revoked_at } = token;
  return (
    <li
      className={`flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 ${revoked_at ? "text-faint" : ""}`}
    >
      <span className="basis-40 font-semibold">
        <Text maxLength={100}>{name}</Text>
      </span>
      <code className="font-mono text-sm">{hint}</code>
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
          </>
        )}
      </span>
      {!revoked_at && (
        <Button look="danger" aria-label={`Revoke token ${name}`} onClick={onRevoke}>
          Revoke…
        </Button>
      )}
    </li>
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
      <Modal
        title="Your new token"
        onClose={onClose}
        footer={
          <Button look="primary" onClick={onClose}>
            I have copied it
          </Button>
        }
      >
        <div className="space-y-3">
          <p>This is the only time it is shown.</p>
          <CopyBlock label="token" text={create.data.token} />
        </div>
      </Modal>
    );
  }
  return (
    <Modal
      title="Create token"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            type="submit"
            form={id}
            disabled={name.trim() === "" || create.isPending}
          >
            Create token
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <label htmlFor={`${id}-name`} className="font-semibold">
          Token name
        </label>
        <input
          id={`${id}-name`}
          data-autofocus
          className="field"
          placeholder="laptop"
          maxLength={LIMITS.nameLength}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
        {create.error && (
          <Notice tone="alert" title="No token was made">
            {explainError(create.error)}
          </Notice>
        )}
      </form>
    </Modal>
  );
}
