import { useState } from "react";
import { explainError } from "../server/error.js";
import { Button } from "./button.js";
import { Modal } from "./modal.js";
import { Notice } from "./notice.js";

/** Asks once more before something that cannot be taken back. */
export function ConfirmDialog({
  title,
  text,
  action,
  onConfirm,
  onClose,
}: {
  title: string;
  text: string;
  action: string;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}) {
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <Modal
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button data-autofocus onClick={onClose}>
            Cancel
          </Button>
          <Button look="danger" disabled={busy} onClick={() => void confirm()}>
            {action}
          </Button>
        </>
      }
    >
      <p>{text}</p>
      {error !== undefined && (
        <div className="mt-3">
          <Notice tone="alert" title="That did not work">
            {explainError(error)}
          </Notice>
        </div>
      )}
    </Modal>
  );
}
