import { LIMITS } from "@holdpoint/protocol";
import type { ActionManifest } from "@holdpoint/protocol/gate";
import { formatMoney } from "../money/format.js";
import { formatDuration } from "../ui/duration.js";
import { Fact } from "../ui/fact.js";
import { Text } from "../ui/text.js";
import { ReachText } from "./reach-text.js";
import { approvalText, secretText, verificationText } from "./words.js";

interface FactsProps {
  readonly manifest: ActionManifest;
}

/** What a manifest binds the gate to, in words. */
export function ManifestFacts({ manifest }: FactsProps) {
  const { timeout_ms: timeoutMs = LIMITS.defaultActionTimeoutMs } = manifest;
  return (
    <dl className="grid gap-x-8 gap-y-2 sm:grid-cols-2">
      <ReachFacts manifest={manifest} />
      <Fact name="Asked before it runs">{approvalText(manifest)}</Fact>
      <Fact name="Cost of a call">{costText(manifest)}</Fact>
      <Fact name="Time-out">{formatDuration(timeoutMs)}</Fact>
    </dl>
  );
}

/** Of these, what somebody has to know who lets one call through. */
export function ReachFacts({ manifest }: FactsProps) {
  const { secrets = [], verification } = manifest;
  return (
    <>
      <Fact name="May reach">
        <ReachText manifest={manifest} />
      </Fact>
      <Fact name="Secrets put in">
        {secrets.length === 0 && <span className="text-soft">none</span>}
        {secrets.map((secret) => (
          <span key={secret.name} className="block">
            <Text maxLength={200}>{secretText(secret)}</Text>
          </span>
        ))}
      </Fact>
      <Fact name="How the effect is seen">
        <Text maxLength={600}>{verificationText(verification)}</Text>
      </Fact>
    </>
  );
}

/** `€0.20`, or `/amount in EUR` where a parameter says it. */
export function costText({ cost }: ActionManifest): string {
  if (cost === undefined) return "nothing";
  const { currency, amount_minor: fixed, amount_parameter: pointer } = cost;
  return fixed === undefined
    ? `${pointer} in ${currency}`
    : formatMoney({ currency, amount_minor: fixed });
}
