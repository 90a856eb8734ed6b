import { type ReactNode, useId } from "react";
import { explainError } from "../server/error.js";
import { Button, type ButtonProps } from "./button.js";
import { Modal } from "./modal.js";
import { Notice } from "./notice.js";

/** A form over the page: fields, what went wrong, Cancel and one act. */
export function FormModal({
  title,
  action,
  look = "primary",
  ready,
  error,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  action: string;
  look?: NonNullable<ButtonProps["look"]>;
  ready: boolean;
  error: unknown;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const form = useId();
  return (
    <Modal
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look={look} type="submit" form={form} disabled={!ready}>
            {action}
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) onSubmit();
        }}
      >
        {children}
        {error !== null && error !== undefined && (
          <Notice tone="alert" title="That did not work">
            {explainError(error)}
          </Notice>
        )}
      </form>
    </Modal>
  );
}
