import { useQuery } from "@tanstack/react-query";
import { Snowflake } from "lucide-react";
import { useState } from "react";
import { ReceiptButton } from "../requests/receipt-button.js";
import { canAdminister } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { Text } from "../ui/text.js";
import { Age } from "../ui/time.js";
import { AuthorityDialog } from "./authority-dialog.js";
import { authorityQuery } from "./queries.js";

/** Above every page while authority is frozen: who did it, when and why, and the way back. */
export function FrozenBanner() {
  const { project, roles } = useSession();
  const { data: authority } = useQuery(authorityQuery(project.id));
  const [thawing, setThawing] = useState(false);
  if (!authority?.frozen) return null;
  const { changed_at: at, changed_by: by, reason, receipt_id: receiptId } = authority;
  return (
    <>
      <div
        role="alert"
        className="flex flex-wrap items-center gap-x-4 gap-y-2 bg-removed px-3 py-2 text-paper sm:px-6"
      >
        <p className="flex min-w-0 flex-1 basis-64 gap-2.5">
          <Snowflake size={18} aria-hidden className="mt-px shrink-0" />
          <span className="min-w-0">
            <strong>All authority is frozen: nothing runs</strong>
            {at !== undefined && (
              <>
                {" · "}
                <Age at={at} />
              </>
            )}
            {by !== undefined && (
              <>
                {" "}
                by <Text maxLength={100}>{by.name ?? by.id}</Text>
              </>
            )}
            {reason !== undefined && (
              <>
                : “<Text maxLength={300}>{reason}</Text>”
              </>
            )}
          </span>
        </p>
        <span className="flex items-center gap-3">
          {receiptId !== undefined && (
            <span className="[&_button:hover]:text-ink [&_button]:text-paper">
              <ReceiptButton receiptId={receiptId} name="All authority frozen" />
            </span>
          )}
          {canAdminister(roles) ? (
            <Button className="border-paper!" onClick={() => setThawing(true)}>
              Thaw…
            </Button>
          ) : (
            <span>Only an admin thaws.</span>
          )}
        </span>
      </div>
      {thawing && <AuthorityDialog act="thaw" onClose={() => setThawing(false)} />}
    </>
  );
}
