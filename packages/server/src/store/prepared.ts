import type { Compilable, CompiledQuery, QueryResult } from "kysely";
import type { Reader } from "./database.js";

/** Stands in a prepared query for a value that each run gives. */
class Placeholder {
  readonly name: PropertyKey;

  constructor(name: PropertyKey) {
    this.name = name;
  }
}

/**
 * Compiles a query once and runs it many times with other values. Compiling costs more than running
 * most statements, and Kysely has no prepared statements of its own.
 *
 * @param build - Writes the query. `parameters.x` stands for the value named `x` of each run; it may
 *   stand only where Kysely binds a value.
 */
export function prepareQuery<Parameters extends object, Row>(
  build: (reader: Reader, parameters: Parameters) => Compilable<Row>,
): (reader: Reader, parameters: Parameters) => Promise<QueryResult<Row>> {
  const placeholders = new Proxy({} as Parameters, {
    get: (_target, name) => new Placeholder(name),
  });
  let compiled: CompiledQuery<Row> | undefined;
  return (reader, parameters) => {
    compiled ??= build(reader, placeholders).compile();
    const values = compiled.parameters.map((value) =>
      value instanceof Placeholder ? parameters[value.name as keyof Parameters] : value,
    );
    return reader.db.executeQuery({ ...compiled, parameters: values });
  };
}
