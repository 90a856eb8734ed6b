import type { WireShieldDetails } from "@holdpoint/protocol/shield";
import { useState } from "react";
import { canAdminister } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import type { ShieldPlace } from "./queries.js";
import { SettingsDialog } from "./settings-dialog.js";
import { SettingsList } from "./settings-list.js";

/** What is held, and the rules beside the baseline. */
export function SettingsPanel({
  place,
  details,
}: {
  place: ShieldPlace;
  details: WireShieldDetails;
}) {
  const { roles } = useSession();
  const [isOpen, setOpen] = useState(false);
  return (
    <section aria-label="Settings" className="rounded-md border border-line bg-panel px-4 py-3">
      <header className="flex items-center gap-2">
        <h2 className="eyebrow mr-auto">Settings</h2>
        {canAdminister(roles) && (
          <Button look="quiet" onClick={() => setOpen(true)}>
            Change…
          </Button>
        )}
      </header>
      <SettingsList settings={details.settings} />
      {isOpen && (
        <SettingsDialog place={place} settings={details.settings} onClose={() => setOpen(false)} />
      )}
    </section>
  );
}
