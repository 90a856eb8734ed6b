import { describe, expect, test } from "vitest";
import { formatApiKey, projectOfApiKey } from "./credential.js";

const projectId = "prj_01h455vb4pex5vsknk084sn02q";
const secret = "Ab-_".repeat(10).concat("xyz");

describe("an API key", () => {
  test("carries its project", () => {
    const apiKey = formatApiKey(projectId, secret);
    expect(apiKey).toBe(`hp_01h455vb4pex5vsknk084sn02q_${secret}`);
    expect(projectOfApiKey(apiKey)).toBe(projectId);
  });

  test.each([
    ["an operator's token", `hpo_${secret}`],
    ["a short secret", `hp_01h455vb4pex5vsknk084sn02q_${secret.slice(1)}`],
    ["a long secret", `hp_01h455vb4pex5vsknk084sn02q_${secret}x`],
    ["a project in upper case", `hp_01H455VB4PEX5VSKNK084SN02Q_${secret}`],
    ["a project that is no TypeID", `hp_81h455vb4pex5vsknk084sn02q_${secret}`],
    ["a line break at the end", `hp_01h455vb4pex5vsknk084sn02q_${secret}\n`],
    ["a Bearer prefix", `Bearer hp_01h455vb4pex5vsknk084sn02q_${secret}`],
    ["nothing", ""],
  ])("is not recognised in %s", (_name, text) => {
    expect(projectOfApiKey(text)).toBeUndefined();
  });
});
