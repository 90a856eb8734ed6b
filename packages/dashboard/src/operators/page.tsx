import type { WireOperator } from "@holdpoint/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { canAdminister } from "../session/permission.js";
import { identityQuery } from "../session/queries.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { Chip } from "../ui/chip.js";
import { ConfirmDialog } from "../ui/confirm.js";
import { Page, Rows } from "../ui/page.js";
import { ErrorState, LoadingState } from "../ui/state.js";
import { Text } from "../ui/text.js";
import { useTitle } from "../ui/title.js";
import { ChangeRolesDialog, InviteDialog, SignInLinkDialog } from "./dialogs.js";
import { operatorsQuery, removeOperator } from "./queries.js";

type Overlay =
  | { readonly kind: "invite" }
  | { readonly kind: "roles" | "link" | "remove"; readonly operator: WireOperator };

/** `/operators`: the people who decide. */
export function OperatorsPage() {
  const { project, roles, operator: me } = useSession();
  const query = useQuery(operatorsQuery(project.id));
  const client = useQueryClient();
  const [overlay, setOverlay] = useState<Overlay>();
  const admin = canAdminister(roles);
  const close = () => setOverlay(undefined);
  useTitle("Operators");
  const reload = async () => {
    await client.invalidateQueries({ queryKey: ["operators", project.id] });
    await client.invalidateQueries(identityQuery);
  };
  return (
    <Page
      title="Operators"
      about={`The people of ${project.name} who read and decide what agents ask.`}
      action={
        admin && (
          <Button look="primary" onClick={() => setOverlay({ kind: "invite" })}>
            Invite operator
          </Button>
        )
      }
    >
      {query.isPending && <LoadingState what="operators" />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && (
        <Rows label="Operators">
          {query.data.data.map((operator) => (
            <li
              key={operator.id}
              className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5"
            >
              <span className="min-w-0 basis-56">
                <span className="block font-semibold">
                  <Text maxLength={100}>{operator.name}</Text>
                  {operator.id === me.id && <span className="font-normal text-faint"> (you)</span>}
                </span>
                <span className="block text-sm text-soft">
                  <Text maxLength={254}>{operator.email}</Text>
                </span>
              </span>
              <span className="flex flex-wrap gap-1">
                {operator.roles.map((role) => (
                  <Chip key={role} strong={role === "admin"}>
                    {role}
                  </Chip>
                ))}
              </span>
              {admin && (
                <span className="ml-auto flex flex-wrap gap-1">
                  <Button
                    look="quiet"
                    aria-label={`Sign-in link for ${operator.name}`}
                    onClick={() => setOverlay({ kind: "link", operator })}
                  >
                    Sign-in link…
                  </Button>
                  <Button
                    look="quiet"
                    aria-label={`Change roles of ${operator.name}`}
                    onClick={() => setOverlay({ kind: "roles", operator })}
                  >
                    Roles…
                  </Button>
                  <Button
                    look="quiet"
                    className="text-removed!"
                    aria-label={`Remove ${operator.name}`}
                    onClick={() => setOverlay({ kind: "remove", operator })}
                  >
                    Remove…
                  </Button>
                </span>
              )}
            </li>
          ))}
        </Rows>
      )}
      {overlay?.kind === "invite" && (
        <InviteDialog onClose={close} onInvited={() => void reload()} />
      )}
      {overlay?.kind === "link" && <SignInLinkDialog operator={overlay.operator} onClose={close} />}
      {overlay?.kind === "roles" && (
        <ChangeRolesDialog
          operator={overlay.operator}
          onClose={close}
          onChanged={() => void reload()}
        />
      )}
      {overlay?.kind === "remove" && (
        <ConfirmDialog
          title="Remove operator"
          text={`${overlay.operator.name} loses access to ${project.name} at once. What they decided stays.`}
          action="Remove operator"
          onConfirm={() => removeOperator(project.id, overlay.operator.id).then(reload)}
          onClose={close}
        />
      )}
    </Page>
  );
}
