import { REQUEST_EVENT_TYPES, type WireWebhookEndpoint } from "@holdpoint/protocol";
import { Button } from "../ui/button.js";
import { Chip } from "../ui/chip.js";
import { Text } from "../ui/text.js";
import { Countdown } from "../ui/time.js";

/** What a person can do to an endpoint. */
export interface EndpointActs {
  readonly onTest: () => void;
  readonly onRotate: () => void;
  readonly onEnable: (enabled: boolean) => void;
  readonly onDelete: () => void;
}

export function EndpointRow({
  endpoint,
  acts,
}: {
  endpoint: WireWebhookEndpoint;
  /** Absent for whoever may only look. */
  acts: EndpointActs | undefined;
}) {
  const { url, description, enabled, event_types: types, secrets } = endpoint;
  const [, old] = secrets;
  return (
    <li className="space-y-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className={`min-w-0 font-mono break-all ${enabled ? "font-semibold" : "text-faint"}`}>
          <Text maxLength={300}>{url}</Text>
        </span>
        {!enabled && <Chip strong>switched off</Chip>}
        {old?.expires_at !== undefined && (
          <Chip title="Both secrets sign until then">
            old secret <Countdown until={old.expires_at} />
          </Chip>
        )}
      </div>
      {description !== undefined && (
        <p className="text-soft">
          <Text maxLength={200}>{description}</Text>
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <span className="flex min-w-0 flex-1 flex-wrap gap-1">
          {types === undefined || types.length === REQUEST_EVENT_TYPES.length ? (
            <Chip>every event</Chip>
          ) : (
            types.map((type) => <Chip key={type}>{type}</Chip>)
          )}
        </span>
        {acts !== undefined && <Acts endpoint={endpoint} acts={acts} />}
      </div>
    </li>
  );
}

function Acts({ endpoint, acts }: { endpoint: WireWebhookEndpoint; acts: EndpointActs }) {
  const { url, enabled } = endpoint;
  return (
    <>
      <Button aria-label={`Send a test to ${url}`} disabled={!enabled} onClick={acts.onTest}>
        Send a test
      </Button>
      <Button aria-label={`Rotate secret of ${url}`} onClick={acts.onRotate}>
        Rotate secret…
      </Button>
      <Button
        aria-label={`Switch ${enabled ? "off" : "on"} ${url}`}
        onClick={() => acts.onEnable(!enabled)}
      >
        Switch {enabled ? "off" : "on"}
      </Button>
      <Button look="danger" aria-label={`Delete ${url}`} onClick={acts.onDelete}>
        Delete…
      </Button>
    </>
  );
}
