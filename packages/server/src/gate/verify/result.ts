import type { JsonObject, JsonValue } from "@holdpoint/protocol";
import type { Verification } from "../../domain/gate/run.js";
import { ProblemError } from "../../domain/problem.js";
import { compileSchema } from "../../domain/schema/compile.js";

/** Whether an output is valid by the manifest's `result`. */
export async function fitsResultSchema(
  output: JsonValue,
  schema: JsonObject | undefined,
): Promise<Verification> {
  if (schema === undefined) return failed("Expected the action to have a schema of its result.");
  try {
    const validator = await compileSchema(schema);
    const errors = validator.findErrors(output);
    if (errors === undefined)
      return failed("Expected a schema that checks in under half a second.");
    const [error] = errors;
    if (error === undefined) return { status: "verified" };
    const reason = `${error.instancePath || "the whole"} ${error.message ?? "does not fit"}`;
    return failed(`Expected the output to fit the schema of its result; ${reason}.`);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return failed("Expected the schema of the result to be one that can be used.");
  }
}

function failed(detail: string): Verification {
  return { status: "failed", detail };
}
