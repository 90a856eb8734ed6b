import type { Change, WireRequest } from "@holdpoint/protocol";
import { Link } from "@tanstack/react-router";
import { SealedValue } from "../executions/sealed-value.js";
import { JsonTree } from "../ui/json-tree.js";
import { Notice } from "../ui/notice.js";
import { DiffView } from "./diff-view.js";

/** Why an approved request is asked again: the world had moved before it could run. */
export function WitnessNotice({ request }: { request: WireRequest }) {
  const { witness_change: change, parent_request_id: parent } = request;
  if (change === undefined) return null;
  return (
    <Notice tone="alert" title="Asked again: something changed after it was approved">
      <p>
        Nothing ran. Below is what the agent says has changed since{" "}
        {parent === undefined ? (
          "then"
        ) : (
          <Link
            to="/requests/$requestId"
            params={{ requestId: parent }}
            className="text-accent underline"
          >
            the first request
          </Link>
        )}
        .
      </p>
      <div className="mt-2">
        <SealedValue request={request} field="witness" value={change} label="What changed">
          {(value) =>
            isDiff(value) ? (
              <DiffView changes={value.changes} label="What changed" />
            ) : (
              <JsonTree value={value} label="What changed" />
            )
          }
        </SealedValue>
      </div>
    </Notice>
  );
}

function isDiff(value: unknown): value is { readonly changes: readonly Change[] } {
  const { changes } = Object(value) as { changes?: unknown };
  return (
    Array.isArray(changes) && changes.every((change) => typeof Object(change).path === "string")
  );
}
