import { useId, useState } from "react";
import { explainError } from "../server/error.js";
import { Button } from "../ui/button.js";
import { Modal } from "../ui/modal.js";
import { useKeyRing } from "./key-ring-context.js";

/** Loads and forgets client encryption keys. */
export function KeyDialog({ onClose }: { onClose: () => void }) {
  const { ring, add, remove } = useKeyRing();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const inputId = useId();

  const load = () =>
    void add(text)
      .then(() => onClose())
      .catch((error: unknown) => setProblem(explainError(error)));

  return (
    <Modal
      title="Encryption keys"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button look="primary" form={`${inputId}-form`} type="submit">
            Load key
          </Button>
        </>
      }
    >
      <form
        id={`${inputId}-form`}
        onSubmit={(event) => {
          event.preventDefault();
          load();
        }}
        className="space-y-3"
      >
        <p className="text-soft">
          Keys open encrypted requests here, in this browser tab. They are never sent anywhere and
          are gone when the tab closes.
        </p>
        <div>
          <label htmlFor={inputId} className="font-semibold">
            Encryption key
          </label>
          <input
            id={inputId}
            data-autofocus
            type="password"
            autoComplete="off"
            spellCheck={false}
            className="field mt-1 font-mono"
            value={text}
            aria-invalid={problem !== undefined}
            aria-describedby={`${inputId}-help`}
            onChange={(event) => {
              setText(event.target.value);
              setProblem(undefined);
            }}
          />
          <p
            id={`${inputId}-help`}
            className={`mt-1 text-sm ${problem ? "text-removed" : "text-faint"}`}
          >
            {problem ?? "The agent's HOLDPOINT_ENCRYPTION_KEY: 43 characters."}
          </p>
        </div>
      </form>
      {ring.keys.length > 0 && (
        <section className="mt-4 border-t border-line pt-3" aria-label="Loaded keys">
          <h3 className="eyebrow">Loaded</h3>
          <ul className="mt-1 divide-y divide-line">
            {ring.keys.map(({ keyId }) => (
              <li key={keyId} className="flex items-center justify-between gap-3 py-1">
                <code className="min-w-0 truncate font-mono text-sm" title={keyId}>
                  {keyId}
                </code>
                <Button look="quiet" onClick={() => remove(keyId)}>
                  Forget
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Modal>
  );
}
