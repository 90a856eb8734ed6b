import { API_KEY_SCOPES, type ApiKeyScope } from "@holdpoint/protocol";
import { useId } from "react";

const MEANINGS: Readonly<Record<ApiKeyScope, string>> = {
  "requests:read": "reads its own requests",
  "requests:write": "asks, and runs what was approved",
  gate: "runs every action that policy lets it run",
};

const ACTION_SCOPE = "actions:";

/** Scopes being chosen. */
export interface ScopeChoice {
  readonly fixed: readonly ApiKeyScope[];
  /** Ids of single actions, as typed: `github-issue, slack-message`. */
  readonly actions: string;
}

export function scopeChoiceOf(scopes: readonly string[]): ScopeChoice {
  return {
    fixed: API_KEY_SCOPES.filter((scope) => scopes.includes(scope)),
    actions: scopes
      .filter((scope) => scope.startsWith(ACTION_SCOPE))
      .map((scope) => scope.slice(ACTION_SCOPE.length))
      .join(", "),
  };
}

export function scopesOf({ fixed, actions }: ScopeChoice): readonly string[] {
  return [...fixed, ...readActionIds(actions).map((id) => `${ACTION_SCOPE}${id}`)];
}

/** Whether this can be sent: at least one scope, and ids that can be ids. */
export function isScopeChoice(choice: ScopeChoice): boolean {
  return scopesOf(choice).length > 0 && wrongIdsOf(choice).length === 0;
}

function readActionIds(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,]+/).filter((id) => id !== ""))];
}

function wrongIdsOf({ actions }: ScopeChoice): readonly string[] {
  return readActionIds(actions).filter((id) => !/^[a-z][a-z0-9_-]{0,63}$/.test(id));
}

export function ScopesField({
  legend,
  choice,
  onChange,
}: {
  legend: string;
  choice: ScopeChoice;
  onChange: (choice: ScopeChoice) => void;
}) {
  const id = useId();
  const wrong = wrongIdsOf(choice);
  return (
    <fieldset className="space-y-2">
      <legend className="font-semibold">{legend}</legend>
      {API_KEY_SCOPES.map((scope) => (
        <label key={scope} className="flex min-h-7 items-baseline gap-2">
          <input
            type="checkbox"
            className="size-4 translate-y-0.5 accent-accent"
            checked={choice.fixed.includes(scope)}
            onChange={({ target }) =>
              onChange({
                ...choice,
                fixed: API_KEY_SCOPES.filter((each) =>
                  each === scope ? target.checked : choice.fixed.includes(each),
                ),
              })
            }
          />
          <span>
            <span className="font-mono text-sm">{scope}</span>{" "}
            <span className="text-sm text-faint">{MEANINGS[scope]}</span>
          </span>
        </label>
      ))}
      <div>
        <label htmlFor={id}>Single actions</label>
        <input
          id={id}
          className="field mt-1 font-mono"
          placeholder="github-issue, slack-message"
          spellCheck={false}
          autoComplete="off"
          value={choice.actions}
          aria-invalid={wrong.length > 0}
          aria-describedby={`${id}-help`}
          onChange={({ target }) => onChange({ ...choice, actions: target.value })}
        />
        <p
          id={`${id}-help`}
          className={`mt-1 text-sm ${wrong.length > 0 ? "text-removed" : "text-faint"}`}
        >
          {wrong.length > 0
            ? `Not an action's id: ${wrong.join(", ")}. Lower-case letters, digits, - and _, a letter first.`
            : "In place of gate, for an agent that needs only some."}
        </p>
      </div>
    </fieldset>
  );
}
