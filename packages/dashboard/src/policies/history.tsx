import type { WirePolicy } from "@holdpoint/protocol/policy";
import { ReceiptButton } from "../requests/receipt-button.js";
import { Button } from "../ui/button.js";
import { ShowMore } from "../ui/show-more.js";
import { Text } from "../ui/text.js";
import { Age } from "../ui/time.js";
import { TextDiff } from "./text-diff.js";

/** Every revision there was, newest first: who, when, why, what changed, and a way back. */
export function PolicyHistory({
  revisions,
  pages,
  onRestore,
}: {
  revisions: readonly WirePolicy[];
  pages: Parameters<typeof ShowMore>[0]["query"];
  onRestore: (text: string) => void;
}) {
  if (revisions.length === 0) return null;
  return (
    <section aria-label="Revisions" className="rounded-md border border-line bg-panel">
      <h2 className="eyebrow border-b border-line px-4 py-2">Revisions</h2>
      <ol className="divide-y divide-line">
        {revisions.map((policy, index) => (
          <Revision
            key={policy.id}
            policy={policy}
            before={revisions[index + 1]}
            isInForce={index === 0}
            onRestore={onRestore}
          />
        ))}
      </ol>
      <ShowMore query={pages} />
    </section>
  );
}

function Revision({
  policy,
  before,
  isInForce,
  onRestore,
}: {
  policy: WirePolicy;
  before: WirePolicy | undefined;
  isInForce: boolean;
  onRestore: (text: string) => void;
}) {
  const { revision, text, note, created_at: at, created_by: by, receipt_id: receiptId } = policy;
  // The text before the oldest that is loaded is not here to compare with.
  const from = before ?? (revision === 1 ? { text: "" } : undefined);
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 px-4 py-2">
      <details className="min-w-0 flex-1 basis-64">
        <summary>
          <strong>Revision {revision}</strong>{" "}
          <span className="text-soft">
            <Text maxLength={100}>{by.name ?? by.id}</Text>
            {text.trim() === "" && " took the policy away"}, <Age at={at} />
            {note !== undefined && (
              <>
                : “<Text maxLength={500}>{note}</Text>”
              </>
            )}
          </span>
        </summary>
        <div className="pt-2">
          {from === undefined ? (
            <p className="text-soft">Show more revisions to see what this one changed.</p>
          ) : (
            <TextDiff from={from.text} to={text} label={`What revision ${revision} changed`} />
          )}
        </div>
      </details>
      <ReceiptButton receiptId={receiptId} name={`Revision ${revision} put in force`} />
      {!isInForce && text.trim() !== "" && (
        <Button
          look="quiet"
          aria-label={`Restore into the editor: revision ${revision}`}
          onClick={() => {
            onRestore(text);
            document.querySelector("#content")?.scrollTo({ top: 0 });
          }}
        >
          Restore into the editor
        </Button>
      )}
    </li>
  );
}
