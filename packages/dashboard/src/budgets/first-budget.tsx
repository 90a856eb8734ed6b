import { Link } from "@tanstack/react-router";
import { Button } from "../ui/button.js";
import { CopyBlock } from "../ui/copy.js";

/** What a budget is, and the next act. */
export function FirstBudget({ onSet }: { onSet?: () => void }) {
  return (
    <section
      aria-label="What a budget is"
      className="space-y-3 rounded-md border border-line bg-panel p-4"
    >
      <h2 className="text-lg font-semibold">No money is set aside yet</h2>
      <p className="max-w-prose text-soft">
        A budget is an amount that agents may hold and spend, and not a cent more. A purchase has to
        fit its agent's budget, the project's and the organisation's. Without one only{" "}
        <Link to="/spend/policies" className="text-accent underline">
          policies
        </Link>{" "}
        limit, and without a policy every purchase waits for a person.
      </p>
      {onSet ? (
        <Button look="primary" onClick={onSet}>
          Set the project's budget…
        </Button>
      ) : (
        <p className="font-semibold">Ask an admin to set one.</p>
      )}
      <details>
        <summary className="text-soft">How an agent asks for money</summary>
        <div className="mt-2">
          <CopyBlock label="TypeScript" text={example(location.origin)} />
        </div>
      </details>
    </section>
  );
}

function example(baseUrl: string): string {
  return `import { Holdpoint } from "@holdpoint/sdk";

const holdpoint = new Holdpoint({ baseUrl: "${baseUrl}" });
const purchase = await holdpoint.spend.purchase({
  amount: "12.50",
  currency: "EUR",
  category: "software",
  merchantName: "Example Ltd",
});`;
}
