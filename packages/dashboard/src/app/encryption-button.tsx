import { LockKeyhole, LockKeyholeOpen } from "lucide-react";
import { useState } from "react";
import { KeyDialog } from "../encryption/key-dialog.js";
import { useKeyRing } from "../encryption/key-ring-context.js";
import { Button } from "../ui/button.js";

/** Opens the encryption keys; its icon tells whether any are loaded. */
export function EncryptionButton() {
  const { ring } = useKeyRing();
  const [open, setOpen] = useState(false);
  const count = ring.keys.length;
  const Icon = count > 0 ? LockKeyholeOpen : LockKeyhole;
  return (
    <>
      <Button
        look="quiet"
        className="justify-start! px-2!"
        title="Encryption keys"
        onClick={() => setOpen(true)}
      >
        <Icon size={16} aria-hidden />
        <span className="max-sm:sr-only">Encryption keys{count > 0 && ` (${count})`}</span>
      </Button>
      {open && <KeyDialog onClose={() => setOpen(false)} />}
    </>
  );
}
