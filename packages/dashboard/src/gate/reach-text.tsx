import type { ActionManifest } from "@holdpoint/protocol/gate";
import { Text } from "../ui/text.js";
import { reachOf } from "./words.js";

/** Where an action may go: `POST api.github.com`, and loudly where that is inside one's own network. */
export function ReachText({ manifest }: { manifest: ActionManifest }) {
  const reach = reachOf(manifest);
  if (reach === undefined) return <span className="text-soft">reaches no other machine</span>;
  const { methods, hosts, isPrivate } = reach;
  return (
    <span className="min-w-0">
      <span className="font-mono text-sm">
        <span className="text-soft">
          {methods.length === 0 ? "any method" : methods.join(", ")}
        </span>{" "}
        <Text maxLength={300}>{hosts.join(", ")}</Text>
      </span>
      {isPrivate && (
        <span className="text-removed"> and private networks, over plain HTTP too</span>
      )}
    </span>
  );
}
