import { createHash } from "node:crypto";
import type { Habit } from "./habits.js";

const ID_DIGITS = 12;

type Scope = Pick<Habit, "agent" | "service" | "action" | "environment" | "priorities">;

/**
 * A statement in Cedar that permits what a habit is about and nothing beside it: this agent, service,
 * action and environment, at these priorities, where the shield finds nothing strange about it. Every
 * name in it is an agent's word, so each is written as a literal.
 */
export function suggestStatement({
  agent,
  service,
  action,
  environment,
  priorities,
}: Scope): string {
  const resource = literal(`${service}/${action}`);
  return `@id(${literal(idOf({ agent, service, action, environment }))})
permit (
  principal == Agent::${literal(agent.id)},
  action == Action::"ask",
  resource == Intent::${resource}
)
when {
  context.service == ${literal(service)} &&
  context.action == ${literal(action)} &&
  ${environmentIs(environment)} &&
  [${priorities.map(literal).join(", ")}].contains(context.priority)
}
unless { context has shield && context.shield.anomalous };
`;
}

/** A policy with the statement behind it. */
export function withStatement(text: string, statement: string): string {
  return text.trim() === "" ? statement : `${text.trimEnd()}\n\n${statement}`;
}

function environmentIs(environment: string | undefined): string {
  if (environment === undefined) return "!(context has environment)";
  return `context has environment && context.environment == ${literal(environment)}`;
}

/** The same for the same habit, so that a policy which has it already is told. */
function idOf({ agent, service, action, environment }: Omit<Scope, "priorities">): string {
  const name = JSON.stringify([agent.id, service, action, environment ?? null]);
  return `usual-${createHash("sha256").update(name).digest("hex").slice(0, ID_DIGITS)}`;
}

/**
 * A text as Cedar writes one: what would end it or begin an escape is escaped, and so is all that
 * cannot be seen.
 *
 * @see https://docs.cedarpolicy.com/policies/syntax-grammar.html (STR)
 */
function literal(text: string): string {
  const escaped = text.replaceAll(/["\\]|[\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '"' || character === "\\"
      ? `\\${character}`
      : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return `"${escaped}"`;
}
