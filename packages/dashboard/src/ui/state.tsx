import { LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import { explainError } from "../server/error.js";
import { Button } from "./button.js";

/** A page, or part of one, that has nothing to show. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="mx-auto w-full max-w-2xl px-4 py-12">
      <h2 className="text-lg font-semibold">{title}</h2>
      {children && <div className="mt-2 space-y-4 text-soft">{children}</div>}
    </div>
  );
}

export function LoadingState({ what }: { what: string }) {
  return (
    <p role="status" className="flex items-center gap-2 px-4 py-10 text-soft">
      <LoaderCircle size={16} aria-hidden className="motion-safe:animate-spin" />
      Loading {what}…
    </p>
  );
}

export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <div role="alert" className="mx-auto w-full max-w-2xl space-y-3 px-4 py-12">
      <h2 className="text-lg font-semibold">This did not load</h2>
      <p className="text-soft">{explainError(error)}</p>
      {onRetry && (
        <Button look="primary" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
