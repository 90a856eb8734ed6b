import type { BlobOptions } from "../blobs/create.js";
import type { Retention } from "../workers/retention.js";

/** The variables of parked states and of what is deleted when. */
export const STATE_VARIABLES = {
  HOLDPOINT_BLOB_DIR: "folder of parked states, default blobs in HOLDPOINT_DATA_DIR",
  HOLDPOINT_S3_BUCKET: "bucket for parked states, instead of a folder",
  HOLDPOINT_S3_REGION: "its region, default us-east-1",
  HOLDPOINT_S3_ENDPOINT: "address of an S3-compatible server that agents reach too",
  HOLDPOINT_S3_FORCE_PATH_STYLE: "true or false, default true with an endpoint",
  HOLDPOINT_S3_ACCESS_KEY_ID: "default: where the AWS SDK looks",
  HOLDPOINT_S3_SECRET_ACCESS_KEY: "default: where the AWS SDK looks",
  HOLDPOINT_STATE_RETENTION_DAYS: "days a state is kept once decided, or forever; default 30",
  HOLDPOINT_RETENTION_DAYS: "days contents are kept once decided, or forever; default forever",
} as const;

export type ReadVariable = (name: keyof typeof STATE_VARIABLES) => string | undefined;

/** Where states go; `undefined`: the default. Every problem in plain words. */
export function readBlobs(read: ReadVariable): {
  readonly blobs?: BlobOptions;
  readonly problems: readonly (string | undefined)[];
} {
  const bucket = read("HOLDPOINT_S3_BUCKET");
  const path = read("HOLDPOINT_BLOB_DIR");
  if (bucket === undefined) {
    return {
      ...(path !== undefined && { blobs: { kind: "folder", path } }),
      problems: [orphanProblem(read)],
    };
  }
  const region = read("HOLDPOINT_S3_REGION");
  const endpoint = read("HOLDPOINT_S3_ENDPOINT");
  const pathStyle = read("HOLDPOINT_S3_FORCE_PATH_STYLE");
  const accessKeyId = read("HOLDPOINT_S3_ACCESS_KEY_ID");
  const secretAccessKey = read("HOLDPOINT_S3_SECRET_ACCESS_KEY");
  const problems = [
    path !== undefined
      ? "HOLDPOINT_BLOB_DIR and HOLDPOINT_S3_BUCKET are both set. Keep one."
      : undefined,
    endpointProblem(endpoint),
    pathStyleProblem(pathStyle),
    (accessKeyId === undefined) === (secretAccessKey === undefined)
      ? undefined
      : "HOLDPOINT_S3_ACCESS_KEY_ID and HOLDPOINT_S3_SECRET_ACCESS_KEY belong together. Set both, or none for the credentials of this machine.",
  ];
  const blobs: BlobOptions = {
    kind: "s3",
    bucket,
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(pathStyle !== undefined && { forcePathStyle: pathStyle === "true" }),
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && { credentials: { accessKeyId, secretAccessKey } }),
  };
  return { blobs, problems };
}

/** What is deleted when; defaults are those of {@link Retention}. */
export function readRetention(read: ReadVariable): {
  readonly retention: Retention;
  readonly problems: readonly (string | undefined)[];
} {
  const states = daysOf("HOLDPOINT_STATE_RETENTION_DAYS", read);
  const contents = daysOf("HOLDPOINT_RETENTION_DAYS", read);
  return {
    retention: {
      ...(states.ms !== undefined && { statesMs: states.ms }),
      ...(contents.ms !== undefined && { contentsMs: contents.ms }),
    },
    problems: [states.problem, contents.problem],
  };
}

const DAY_MS = 86_400_000;
const MAX_DAYS = 36_500;

function daysOf(
  name: "HOLDPOINT_STATE_RETENTION_DAYS" | "HOLDPOINT_RETENTION_DAYS",
  read: ReadVariable,
): { readonly ms?: number | false; readonly problem?: string } {
  const text = read(name);
  if (text === undefined) return {};
  if (text === "forever") return { ms: false };
  const days = /^\d+$/.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= MAX_DAYS) return { ms: days * DAY_MS };
  return { problem: `${name} is no number of days. Set it to 1 to ${MAX_DAYS}, or to forever.` };
}

/** A bucket's details without the bucket would put states where nobody expects them. */
function orphanProblem(read: ReadVariable): string | undefined {
  const names = Object.keys(STATE_VARIABLES) as (keyof typeof STATE_VARIABLES)[];
  const given = names.find((name) => name.startsWith("HOLDPOINT_S3_") && read(name) !== undefined);
  if (given === undefined) return undefined;
  return `${given} is set without HOLDPOINT_S3_BUCKET. Name the bucket, or remove it.`;
}

function endpointProblem(text: string | undefined): string | undefined {
  if (text === undefined || (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol))) {
    return undefined;
  }
  return "HOLDPOINT_S3_ENDPOINT is not an address. Write it whole, for example https://s3.example.com.";
}

function pathStyleProblem(text: string | undefined): string | undefined {
  if (text === undefined || text === "true" || text === "false") return undefined;
  return "HOLDPOINT_S3_FORCE_PATH_STYLE is neither true nor false. Set it to one of them.";
}
