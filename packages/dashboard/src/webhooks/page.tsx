import type { WireWebhookEndpoint } from "@holdpoint/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { explainError } from "../server/error.js";
import { canAdminister } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { ConfirmDialog } from "../ui/confirm.js";
import { Notice } from "../ui/notice.js";
import { Page, Rows } from "../ui/page.js";
import { EmptyState, ErrorState, LoadingState } from "../ui/state.js";
import { useTitle } from "../ui/title.js";
import { CreateEndpointDialog, SecretDialog } from "./create-dialog.js";
import { DeliveryList } from "./delivery-list.js";
import { EndpointRow } from "./endpoint-row.js";
import {
  deleteEndpoint,
  enableEndpoint,
  endpointsQuery,
  rotateSecret,
  sendTest,
} from "./queries.js";

/** `/webhooks`: where events go, and how each one fared. */
export function WebhooksPage() {
  const { project, roles } = useSession();
  const query = useQuery(endpointsQuery(project.id));
  const client = useQueryClient();
  const [creating, setCreating] = useState(false);
  useTitle("Webhooks");
  const reload = () => client.invalidateQueries({ queryKey: ["webhooks", project.id] });

  const mayChange = canAdminister(roles);
  const endpoints = query.data?.data ?? [];
  return (
    <Page
      title="Webhooks"
      about="Tell your agents when a request is decided. Signed, and sent again for three days until somebody answers."
      action={
        mayChange && (
          <Button look="primary" onClick={() => setCreating(true)}>
            Add webhook
          </Button>
        )
      }
    >
      {query.isPending && <LoadingState what="webhooks" />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && endpoints.length === 0 && (
        <EmptyState title="No webhooks yet">
          {mayChange
            ? "Add one, and a decision starts your agent again wherever it is."
            : `An admin of ${project.name} can add one.`}
        </EmptyState>
      )}
      {endpoints.length > 0 && (
        <>
          <Endpoints endpoints={endpoints} mayChange={mayChange} onChanged={reload} />
          <DeliveryList endpoints={endpoints} />
        </>
      )}
      {creating && (
        <CreateEndpointDialog onClose={() => setCreating(false)} onCreated={() => void reload()} />
      )}
    </Page>
  );
}

type Asking = { readonly act: "rotate" | "delete"; readonly endpoint: WireWebhookEndpoint };

function Endpoints({
  endpoints,
  mayChange,
  onChanged,
}: {
  endpoints: readonly WireWebhookEndpoint[];
  mayChange: boolean;
  onChanged: () => Promise<unknown>;
}) {
  const { project } = useSession();
  const [asking, setAsking] = useState<Asking>();
  const [rotated, setRotated] = useState<WireWebhookEndpoint>();
  const act = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSettled: onChanged,
  });
  const ask = (next: Asking | undefined) => () => setAsking(next);
  return (
    <>
      {act.isError && (
        <div className="mb-3">
          <Notice tone="alert" title="That did not work">
            {explainError(act.error)}
          </Notice>
        </div>
      )}
      <Rows label="Webhooks">
        {endpoints.map((endpoint) => (
          <EndpointRow
            key={endpoint.id}
            endpoint={endpoint}
            acts={
              mayChange
                ? {
                    onTest: () => act.mutate(() => sendTest(project.id, endpoint.id)),
                    onEnable: (enabled) =>
                      act.mutate(() => enableEndpoint(project.id, endpoint.id, enabled)),
                    onRotate: ask({ act: "rotate", endpoint }),
                    onDelete: ask({ act: "delete", endpoint }),
                  }
                : undefined
            }
          />
        ))}
      </Rows>
      {asking?.act === "rotate" && (
        <ConfirmDialog
          title="Rotate secret"
          text={`${asking.endpoint.url} gets a new secret. For 24 hours both the old and the new one sign.`}
          action="Rotate secret"
          onConfirm={async () => {
            setRotated(await rotateSecret(project.id, asking.endpoint.id));
            await onChanged();
          }}
          onClose={ask(undefined)}
        />
      )}
      {asking?.act === "delete" && (
        <ConfirmDialog
          title="Delete webhook"
          text={`Nothing more is sent to ${asking.endpoint.url}, and what is under way to it is dropped.`}
          action="Delete webhook"
          onConfirm={() => deleteEndpoint(project.id, asking.endpoint.id).then(onChanged)}
          onClose={ask(undefined)}
        />
      )}
      {rotated && <SecretDialog endpoint={rotated} onClose={() => setRotated(undefined)} />}
    </>
  );
}
