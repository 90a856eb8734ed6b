import {
  LIMITS,
  REQUEST_EVENT_TYPES,
  type RequestEventType,
  type WireWebhookEndpoint,
} from "@holdpoint/protocol";
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useSession } from "../session/session.js";
import { CopyBlock } from "../ui/copy.js";
import { FormModal } from "../ui/form-modal.js";
import { ShownOnce } from "../ui/shown-once.js";
import { createEndpoint } from "./queries.js";

/** Makes an endpoint and shows its secret, once. */
export function CreateEndpointDialog({
  onClose,
  onCreated,
}: {
  onClose: () => void;
  onCreated: () => void;
}) {
  const { project } = useSession();
  const [url, setUrl] = useState("");
  const [types, setTypes] = useState<readonly RequestEventType[]>(REQUEST_EVENT_TYPES);
  const id = useId();
  const create = useMutation({
    mutationFn: () => {
      const all = types.length === REQUEST_EVENT_TYPES.length;
      return createEndpoint(project.id, {
        url: url.trim(),
        ...(all ? {} : { event_types: types }),
      });
    },
    onSuccess: onCreated,
  });

  if (create.data) return <SecretDialog endpoint={create.data} onClose={onClose} />;
  return (
    <FormModal
      title="Add webhook"
      action="Add webhook"
      ready={url.trim() !== "" && types.length > 0 && !create.isPending}
      error={create.error}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <div>
        <label htmlFor={`${id}-url`} className="font-semibold">
          Address
        </label>
        <input
          id={`${id}-url`}
          data-autofocus
          type="url"
          className="field mt-1 font-mono"
          placeholder="https://agents.example.com/holdpoint"
          maxLength={LIMITS.webhookUrlLength}
          value={url}
          onChange={(event) => setUrl(event.target.value)}
        />
        <p className="mt-1 text-sm text-faint">
          https, and reachable from the internet. Private addresses are refused.
        </p>
      </div>
      <fieldset>
        <legend className="font-semibold">Events</legend>
        {REQUEST_EVENT_TYPES.map((type) => (
          <label key={type} className="flex min-h-8 items-center gap-2">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={types.includes(type)}
              onChange={({ target }) =>
                setTypes(
                  REQUEST_EVENT_TYPES.filter((each) =>
                    each === type ? target.checked : types.includes(each),
                  ),
                )
              }
            />
            <span className="font-mono text-sm">{type}</span>
          </label>
        ))}
      </fieldset>
    </FormModal>
  );
}

/** A secret that is shown now and never again. */
export function SecretDialog({
  endpoint,
  onClose,
}: {
  endpoint: WireWebhookEndpoint;
  onClose: () => void;
}) {
  const secret = endpoint.secret ?? "";
  return (
    <ShownOnce title="The signing secret" onClose={onClose}>
      <p>
        This is the only time it is shown. The receiver checks every webhook with it, by any
        Standard Webhooks library.
      </p>
      <CopyBlock label="signing secret" text={secret} />
      <CopyBlock label="environment" text={`HOLDPOINT_WEBHOOK_SECRET=${secret}`} />
    </ShownOnce>
  );
}
