import { BUILT_IN_ROLES, LIMITS } from "@holdpoint/protocol";
import { useId } from "react";

const MEANINGS: Readonly<Record<(typeof BUILT_IN_ROLES)[number], string>> = {
  viewer: "reads everything, decides nothing",
  approver: "decides requests that name no role",
  admin: "decides everything, manages keys and operators",
};

/** The free roles in a text such as `finance, legal`, each once; not checked. */
export function readFreeRoles(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,]+/).filter((role) => role !== ""))];
}

/** Whether the server will take this as a role's name. */
export function isRoleName(role: string): boolean {
  return role.length <= LIMITS.roleLength && /^[a-z][a-z0-9_-]*$/.test(role);
}

export interface RoleChoice {
  readonly builtIn: readonly string[];
  /** As typed: `finance, legal`. */
  readonly free: string;
}

export function rolesOf({ builtIn, free }: RoleChoice): readonly string[] {
  return [...new Set([...builtIn, ...readFreeRoles(free)])];
}

export function choiceOf(roles: readonly string[]): RoleChoice {
  const known: readonly string[] = BUILT_IN_ROLES;
  return {
    builtIn: roles.filter((role) => known.includes(role)),
    free: roles.filter((role) => !known.includes(role)).join(", "),
  };
}

export function RolesField({
  choice,
  onChange,
}: {
  choice: RoleChoice;
  onChange: (choice: RoleChoice) => void;
}) {
  const id = useId();
  const wrong = readFreeRoles(choice.free).filter((role) => !isRoleName(role));
  return (
    <fieldset className="space-y-2">
      <legend className="font-semibold">Roles</legend>
      {BUILT_IN_ROLES.map((role) => (
        <label key={role} className="flex min-h-7 items-baseline gap-2">
          <input
            type="checkbox"
            className="size-4 translate-y-0.5 accent-accent"
            checked={choice.builtIn.includes(role)}
            onChange={({ target }) =>
              onChange({
                ...choice,
                builtIn: BUILT_IN_ROLES.filter((each) =>
                  each === role ? target.checked : choice.builtIn.includes(each),
                ),
              })
            }
          />
          <span>
            {role} <span className="text-sm text-faint">{MEANINGS[role]}</span>
          </span>
        </label>
      ))}
      <div>
        <label htmlFor={id}>Other roles</label>
        <input
          id={id}
          className="field mt-1 font-mono"
          placeholder="finance, legal"
          spellCheck={false}
          value={choice.free}
          aria-invalid={wrong.length > 0}
          aria-describedby={`${id}-help`}
          onChange={({ target }) => onChange({ ...choice, free: target.value })}
        />
        <p
          id={`${id}-help`}
          className={`mt-1 text-sm ${wrong.length > 0 ? "text-removed" : "text-faint"}`}
        >
          {wrong.length > 0
            ? `Not a role name: ${wrong.join(", ")}. Lower-case letters, digits, - and _, a letter first.`
            : "Requests that name such a role wait for somebody who has it."}
        </p>
      </div>
    </fieldset>
  );
}
