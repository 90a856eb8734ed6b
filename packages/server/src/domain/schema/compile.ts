import type { JsonObject } from "@holdpoint/protocol";
import type { AnySchemaObject, ErrorObject, ValidateFunction } from "ajv";
import { digestOf } from "../digest.js";
import { LruCache } from "../lru-cache.js";
import { ProblemError } from "../problem.js";
import { runBounded } from "./bounded.js";
import { isQuick } from "./quick.js";

const CACHED_VALIDATORS = 500;
const MAX_DETAIL_LENGTH = 300;

export interface Validator {
  /** What does not fit, the first of it; none where all does. `undefined`: time ran out. */
  findErrors(value: unknown): readonly ErrorObject[] | undefined;
}

const validators = new LruCache<Validator>(CACHED_VALIDATORS);

/**
 * The validator of a JSON Schema 2020-12. Compiled ones are kept by the schema's digest.
 *
 * @throws {ProblemError} `SCHEMA_INVALID`: not a usable schema, a `$ref` to elsewhere, or too costly.
 */
export async function compileSchema(schema: JsonObject): Promise<Validator> {
  const digest = digestOf(schema);
  const known = validators.get(digest);
  if (known !== undefined) return known;
  const validator = validatorOf(schema, compile(schema, await loadAjv()));
  validators.set(digest, validator);
  return validator;
}

function validatorOf(schema: JsonObject, validate: ValidateFunction): Validator {
  const isQuickFor = isQuick(schema);
  return {
    findErrors(value) {
      const find = () => (validate(value) ? [] : (validate.errors ?? []));
      return isQuickFor(value) ? find() : runBounded(find)?.value;
    },
  };
}

function compile(schema: JsonObject, ajv: Ajv): ValidateFunction {
  try {
    const compiled = runBounded(() => ajv.compile(schema as AnySchemaObject));
    if (compiled === undefined) {
      // Interrupted in the middle: whatever it was compiling stays half made inside.
      loading = undefined;
      throw new Error("it takes too long to compile; simplify it");
    }
    return compiled.value;
  } catch (error) {
    const reason = error instanceof Error ? error.message : "it does not compile";
    throw new ProblemError({
      code: "SCHEMA_INVALID",
      detail: `Expected a JSON Schema 2020-12 without references to elsewhere: ${reason}`.slice(
        0,
        MAX_DETAIL_LENGTH,
      ),
    });
  } finally {
    // Ajv keeps every schema it has seen; ours are kept above, and bounded.
    ajv.removeSchema(schema as AnySchemaObject);
  }
}

type Ajv = {
  compile(schema: AnySchemaObject): ValidateFunction;
  removeSchema(schema: AnySchemaObject): unknown;
};
let loading: Promise<Ajv> | undefined;

/** Ajv takes a tenth of a second to load, and many a control plane never sees a schema. */
function loadAjv(): Promise<Ajv> {
  loading ??= createAjv();
  return loading;
}

async function createAjv(): Promise<Ajv> {
  const [{ Ajv2020 }, { default: formats }] = await Promise.all([
    import("ajv/dist/2020.js"),
    import("ajv-formats"),
  ]);
  const ajv = new Ajv2020({
    strict: false,
    allErrors: false,
    verbose: true,
    addUsedSchema: false,
    logger: false,
  });
  const addFormats = "default" in formats ? formats.default : formats;
  (addFormats as unknown as (ajv: unknown) => void)(ajv);
  // Compiles the meta-schema here, where no time limit can interrupt it.
  ajv.validateSchema({});
  return ajv;
}
