import type { ReactNode } from "react";
import { Button } from "./button.js";
import { Modal } from "./modal.js";

/** Shows a secret that is not kept anywhere else. */
export function ShownOnce({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Modal
      title={title}
      onClose={onClose}
      footer={
        <Button look="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <div className="space-y-3">{children}</div>
    </Modal>
  );
}
