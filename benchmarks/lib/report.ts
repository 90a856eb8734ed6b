import { mkdir, writeFile } from "node:fs/promises";
import { arch, cpus, platform, release, totalmem } from "node:os";

/** One line of a result table. `aim` is what we set out to reach, in the same words as `value`. */
export interface Row {
  readonly figure: string;
  readonly value: string;
  readonly aim?: string;
}

export interface Result {
  readonly name: string;
  /** What was measured and how, in one or two sentences. */
  readonly about: string;
  readonly rows: readonly Row[];
  /** Headings and tables of their own behind the rows, as Markdown. */
  readonly sections?: readonly string[];
}

const directory = new URL("../results/", import.meta.url);

export function describeMachine(): string {
  const processors = cpus();
  const memoryGib = Math.round(totalmem() / 2 ** 30);
  return `${processors.length} × ${processors[0]?.model.trim() ?? "unknown processor"}, ${memoryGib} GiB, ${platform()} ${release()} ${arch()}, Node ${process.versions.node}`;
}

/** Writes `results/<name>.md`, one file a benchmark, so that a single one can be run again. */
export async function writeResult({ name, about, rows, sections = [] }: Result): Promise<void> {
  const lines = [
    `# ${name}`,
    "",
    about,
    "",
    `${describeMachine()}, ${new Date().toISOString().slice(0, 10)}.`,
    "",
    "| | Measured | Aim |",
    "|---|---|---|",
    ...rows.map(({ figure, value, aim }) => `| ${figure} | ${value} | ${aim ?? ""} |`),
    "",
    ...sections.flatMap((section) => [section, ""]),
  ];
  await mkdir(directory, { recursive: true });
  await writeFile(new URL(`${name}.md`, directory), lines.join("\n"));
  console.log(lines.join("\n"));
}
