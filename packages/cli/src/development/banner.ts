import { columns } from "../output/columns.js";
import { indent } from "../output/text.js";
import type { Colours } from "../terminal.js";

/** What `holdpoint dev --json` prints, and the block for people is made from. */
export interface Ready {
  readonly url: string;
  readonly apiKey: string;
  readonly operatorToken: string;
  /** Signs the operator in, once. */
  readonly dashboardUrl: string;
  readonly dataDir: string;
  /** The Unix socket, where it listens on one. */
  readonly socketPath?: string;
}

export function describeReady(ready: Ready, { bold, dim, cyan }: Colours): string {
  const rows = [
    [bold("Dashboard"), cyan(ready.dashboardUrl)],
    ["", dim("signs you in once; a fresh link: l and Enter, or `holdpoint operators link`")],
    [bold("Agents"), `export HOLDPOINT_URL=${ready.url}`],
    ["", `export HOLDPOINT_API_KEY=${ready.apiKey}`],
    ...(ready.socketPath ? [["", `or export HOLDPOINT_SOCKET=${ready.socketPath}`]] : []),
    [bold("Data"), ready.dataDir],
  ];
  return `\n  Holdpoint is running at ${bold(ready.url)}\n\n${indent(columns(rows))}\n\n  ${dim("Waiting for requests. Ctrl-C stops.")}\n`;
}
