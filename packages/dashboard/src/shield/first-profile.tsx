import { CopyBlock } from "../ui/copy.js";
import { EmptyState } from "../ui/state.js";

/** The section before anything was observed: how a shield begins. */
export function FirstProfile() {
  return (
    <EmptyState title="Nothing is followed yet">
      <p>
        The shield learns from what agents do: from everything they ask, buy and run here, and from
        the calls they only tell of. Tell it of every tool, also the harmless ones; with an adapter
        that is one word:
      </p>
      <CopyBlock label="TypeScript, with an adapter" text={adapterExample} />
      <p>Or tell it of a call yourself. It waits for nothing, and sends no arguments:</p>
      <CopyBlock label="TypeScript" text={observeExample(location.origin)} />
      <p>
        A service then appears here by itself. At first the shield only watches; it says when it has
        learnt enough to enforce.
      </p>
    </EmptyState>
  );
}

const adapterExample = `import { gateTools } from "@holdpoint/ai-sdk";

const tools = gateTools(holdpoint, { readLogs, summarise, applyTerraform }, {
  service: "deploy",
  gate: { applyTerraform: true },
});`;

function observeExample(baseUrl: string): string {
  return `import { Holdpoint } from "@holdpoint/sdk";

const holdpoint = new Holdpoint({ baseUrl: "${baseUrl}" });
holdpoint.observe({ service: "deploy", action: "read_logs", payload, runId: "nightly-7" });`;
}
