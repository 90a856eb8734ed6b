import { describe, expect, it } from "vitest";
import { type ReadVariable, readBlobs, readRetention } from "./states.js";

const reader =
  (variables: Record<string, string>): ReadVariable =>
  (name) =>
    variables[name];
const problemsOf = (problems: readonly (string | undefined)[]) => problems.filter(Boolean);

describe("readBlobs", () => {
  it("leaves the default when nothing is set", () => {
    const { blobs, problems } = readBlobs(reader({}));
    expect(blobs).toBeUndefined();
    expect(problemsOf(problems)).toEqual([]);
  });

  it("reads a folder, or a bucket with all that it takes", () => {
    expect(readBlobs(reader({ HOLDPOINT_BLOB_DIR: "/srv/blobs" })).blobs).toEqual({
      kind: "folder",
      path: "/srv/blobs",
    });
    const { blobs, problems } = readBlobs(
      reader({
        HOLDPOINT_S3_BUCKET: "states",
        HOLDPOINT_S3_REGION: "eu-central-1",
        HOLDPOINT_S3_ENDPOINT: "https://s3.example.com",
        HOLDPOINT_S3_FORCE_PATH_STYLE: "false",
        HOLDPOINT_S3_ACCESS_KEY_ID: "id",
        HOLDPOINT_S3_SECRET_ACCESS_KEY: "secret",
      }),
    );
    expect(problemsOf(problems)).toEqual([]);
    expect(blobs).toEqual({
      kind: "s3",
      bucket: "states",
      region: "eu-central-1",
      endpoint: "https://s3.example.com",
      forcePathStyle: false,
      credentials: { accessKeyId: "id", secretAccessKey: "secret" },
    });
  });

  it.each([
    [{ HOLDPOINT_S3_REGION: "eu-central-1" }, /without HOLDPOINT_S3_BUCKET/],
    [{ HOLDPOINT_S3_BUCKET: "b", HOLDPOINT_BLOB_DIR: "/srv" }, /both set/],
    [{ HOLDPOINT_S3_BUCKET: "b", HOLDPOINT_S3_ENDPOINT: "s3" }, /not an address/],
    [{ HOLDPOINT_S3_BUCKET: "b", HOLDPOINT_S3_FORCE_PATH_STYLE: "1" }, /neither true nor false/],
    [{ HOLDPOINT_S3_BUCKET: "b", HOLDPOINT_S3_SECRET_ACCESS_KEY: "hush" }, /belong together/],
  ])("refuses %j", (variables, words) => {
    const problems = problemsOf(readBlobs(reader(variables)).problems);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(words);
    expect(problems[0]).not.toContain("hush");
  });
});

describe("readRetention", () => {
  it.each([
    [{}, {}],
    [{ HOLDPOINT_RETENTION_DAYS: "90" }, { contentsMs: 7_776_000_000 }],
    [{ HOLDPOINT_STATE_RETENTION_DAYS: "forever" }, { statesMs: false }],
  ])("reads %j", (variables, retention) => {
    expect(readRetention(reader(variables)).retention).toEqual(retention);
  });

  it.each(["0", "-1", "1.5", "36501", "never", "1e3"])("refuses %s days", (days) => {
    const { problems } = readRetention(reader({ HOLDPOINT_RETENTION_DAYS: days }));
    expect(problemsOf(problems)).toHaveLength(1);
  });
});
