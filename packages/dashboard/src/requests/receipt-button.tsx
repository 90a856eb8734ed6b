import type { WireReceipt } from "@holdpoint/protocol";
import { useMutation } from "@tanstack/react-query";
import { FileCheck } from "lucide-react";
import { callServer } from "../server/call.js";
import { explainError } from "../server/error.js";
import { saveFile } from "../server/save.js";
import { useSession } from "../session/session.js";
import { IconButton } from "../ui/button.js";

/** Saves the signed receipt of one event, the file that `holdpoint verify` reads. */
export function ReceiptButton({ receiptId, name }: { receiptId: string; name: string }) {
  const { project } = useSession();
  const save = useMutation({
    mutationFn: async () => {
      const path = `/v1/receipts/${encodeURIComponent(receiptId)}`;
      const receipt = await callServer<WireReceipt>(path, { projectId: project.id });
      saveFile(`${receiptId}.json`, `${JSON.stringify(receipt, null, 2)}\n`);
    },
  });
  const label = save.isError
    ? `The receipt did not load: ${explainError(save.error)}`
    : `Save the signed receipt of “${name}”`;
  return (
    <IconButton
      label={label}
      disabled={save.isPending}
      className={`-my-1.5 ${save.isError ? "text-removed" : ""}`}
      onClick={() => save.mutate()}
    >
      <FileCheck size={14} aria-hidden />
    </IconButton>
  );
}
