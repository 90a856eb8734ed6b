import { readFile, writeFile } from "node:fs/promises";
import type { Trace } from "./trace.js";

/** What a file of traces begins with: the words that its lines count. */
interface Words {
  readonly suites: readonly string[];
  readonly agents: readonly string[];
  readonly attacks: readonly string[];
  readonly actions: readonly string[];
  readonly shapes: readonly string[];
}

/** Suite, agent, task, path as pairs of action and shape; of an attacked run attack, goal, exposedAt too. */
type Line = readonly [number, number, number, readonly number[], ...(readonly number[])];

/**
 * Writes traces, one line each behind a line of the words they are made of: small, and a change of it
 * can be read. The same traces in any order give the same bytes.
 */
export async function writeTraces(file: URL, traces: readonly Trace[]): Promise<void> {
  const steps = traces.flatMap((trace) => trace.steps);
  const words: Words = {
    suites: sortWords(traces.map(({ suite }) => suite)),
    agents: sortWords(traces.map(({ agent }) => agent)),
    attacks: sortWords(traces.flatMap(({ attack }) => attack?.name ?? [])),
    actions: sortWords(steps.map(({ action }) => action)),
    shapes: sortWords(steps.map(({ skeletonHash }) => skeletonHash)),
  };
  const numbers = new Map(
    Object.entries(words).map(([name, list]) => [
      name,
      new Map((list as readonly string[]).map((word, index) => [word, index])),
    ]),
  );
  const numberOf = (list: keyof Words, word: string) => numbers.get(list)?.get(word) as number;
  const lines = traces.map(
    ({ suite, agent, task, steps, attack }): Line => [
      numberOf("suites", suite),
      numberOf("agents", agent),
      task,
      steps.flatMap((step) => [
        numberOf("actions", step.action),
        numberOf("shapes", step.skeletonHash),
      ]),
      ...(attack === undefined
        ? []
        : [numberOf("attacks", attack.name), attack.goal, attack.exposedAt]),
    ],
  );
  const text = [words, ...lines.toSorted(compareLines)].map((line) => JSON.stringify(line));
  await writeFile(file, `${text.join("\n")}\n`);
}

/** Reads what {@link writeTraces} has written. */
export async function readTraces(file: URL): Promise<readonly Trace[]> {
  const [head = "", ...lines] = (await readFile(file, "utf8")).trimEnd().split("\n");
  const words = JSON.parse(head) as Words;
  return lines.map((text) => {
    const [suite, agent, task, path, attack, goal, exposedAt] = JSON.parse(text) as Line;
    const steps = Array.from({ length: path.length / 2 }, (_, index) => ({
      action: wordOf(words.actions, path[2 * index]),
      skeletonHash: wordOf(words.shapes, path[2 * index + 1]),
    }));
    return {
      suite: wordOf(words.suites, suite),
      agent: wordOf(words.agents, agent),
      task,
      steps,
      ...(attack !== undefined && {
        attack: {
          name: wordOf(words.attacks, attack),
          goal: goal as number,
          exposedAt: exposedAt as number,
          harmAt: steps.length - 1,
        },
      }),
    };
  });
}

function sortWords(words: readonly string[]): readonly string[] {
  return [...new Set(words)].sort();
}

function wordOf(words: readonly string[], index: number | undefined): string {
  const word = index === undefined ? undefined : words[index];
  if (word === undefined)
    throw new RangeError(`Expected a word, got number ${index} of ${words.length}.`);
  return word;
}

function compareLines(one: Line, other: Line): number {
  const [a, b] = [one.flat(), other.flat()];
  const index = a.findIndex((value, at) => value !== b[at]);
  return index === -1 ? a.length - b.length : (a[index] as number) - (b[index] ?? -1);
}
