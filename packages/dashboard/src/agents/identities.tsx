import type { WireAgentIdentity } from "@holdpoint/protocol/gate";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ReceiptButton } from "../requests/receipt-button.js";
import { canAdminister } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { ConfirmDialog } from "../ui/confirm.js";
import { Text } from "../ui/text.js";
import { shortThumbprint, Thumbprint } from "../ui/thumbprint.js";
import { Age } from "../ui/time.js";
import { revokeIdentity } from "./queries.js";

/** The keys an agent has enrolled; nothing where it has none. */
export function IdentityList({ identities }: { identities: readonly WireAgentIdentity[] }) {
  const { project } = useSession();
  const client = useQueryClient();
  const [revoking, setRevoking] = useState<WireAgentIdentity>();
  const [first] = identities;
  if (first === undefined) return null;
  return (
    <>
      <ul aria-label={`Keys of ${first.agent.name}`} className="border-l-2 border-line pl-3">
        {identities.map((identity) => (
          <IdentityLine
            key={identity.id}
            identity={identity}
            onRevoke={() => setRevoking(identity)}
          />
        ))}
      </ul>
      {revoking && (
        <ConfirmDialog
          title="Revoke the agent's key"
          text={`The key ${shortThumbprint(revoking.key_thumbprint)} of ${revoking.agent.name} gets no lease any more, and those it has end at once. The agent has to be enrolled anew.`}
          action="Revoke key"
          onConfirm={async () => {
            await revokeIdentity(project.id, revoking.id);
            await client.invalidateQueries({ queryKey: ["requests", project.id] });
          }}
          onClose={() => setRevoking(undefined)}
        />
      )}
    </>
  );
}

function IdentityLine({
  identity,
  onRevoke,
}: {
  identity: WireAgentIdentity;
  onRevoke: () => void;
}) {
  const { roles } = useSession();
  const { created_at: at, enrolled_by: by, last_used_at: used, revoked_at: revoked } = identity;
  return (
    <li
      className={`flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 text-sm ${revoked ? "text-faint" : "text-soft"}`}
    >
      <Thumbprint value={identity.key_thumbprint} />
      <span className="flex-1">
        enrolled <Age at={at} />, let in by <Text maxLength={100}>{by.name ?? by.id}</Text>
        {revoked !== undefined ? (
          <>
            {" "}
            · revoked <Age at={revoked} />
          </>
        ) : used === undefined ? (
          " · never used"
        ) : (
          <>
            {" "}
            · used <Age at={used} />
          </>
        )}
      </span>
      <ReceiptButton receiptId={identity.receipt_id} name="Key enrolled" />
      {revoked === undefined && canAdminister(roles) && (
        <Button
          look="danger"
          aria-label={`Revoke key ${shortThumbprint(identity.key_thumbprint)} of ${identity.agent.name}`}
          onClick={onRevoke}
        >
          Revoke…
        </Button>
      )}
    </li>
  );
}
