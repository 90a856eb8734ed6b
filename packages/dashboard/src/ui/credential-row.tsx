import type { ReactNode } from "react";
import { Button } from "./button.js";
import { Text } from "./text.js";
import { Age, Countdown } from "./time.js";

/** What keys and tokens have in common. */
interface Credential {
  readonly hint: string;
  readonly created_at: string;
  readonly expires_at?: string;
  readonly last_used_at?: string;
  readonly revoked_at?: string;
}

/** A key or token in a list: whose, how it ends, how old, and how to revoke it. */
export function CredentialRow({
  name,
  credential,
  revokeLabel,
  onRevoke,
  children,
}: {
  name: string;
  credential: Credential;
  revokeLabel: string;
  onRevoke: () => void;
  children?: ReactNode;
}) {
  const { hint, revoked_at } = credential;
  return (
    <li
      className={`flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 ${revoked_at ? "text-faint" : ""}`}
    >
      <span className="min-w-0 basis-40 font-semibold">
        <Text maxLength={100}>{name}</Text>
      </span>
      <code className="font-mono text-sm">{hint}</code>
      {children}
      <span className="ml-auto text-sm text-soft">
        <Life credential={credential} />
      </span>
      {!revoked_at && (
        <Button look="danger" aria-label={revokeLabel} onClick={onRevoke}>
          Revoke…
        </Button>
      )}
    </li>
  );
}

function Life({ credential }: { credential: Credential }) {
  const { created_at, expires_at, last_used_at, revoked_at } = credential;
  if (revoked_at) {
    return (
      <>
        revoked <Age at={revoked_at} />
      </>
    );
  }
  return (
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
  );
}
