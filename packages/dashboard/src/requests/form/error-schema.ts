import { parsePointer, type ValidationIssue } from "@holdpoint/protocol";
import type { ErrorSchema } from "@rjsf/utils";

interface ErrorNode {
  __errors?: string[];
  [segment: string]: ErrorNode | string[] | undefined;
}

/** Issues by JSON Pointer, as the tree the form library hangs beside its fields. */
export function errorSchemaOf(issues: readonly ValidationIssue[]): ErrorSchema {
  const root = Object.create(null) as ErrorNode;
  for (const { path, message } of issues) {
    let node = root;
    for (const segment of parsePointer(path)) {
      node[segment] ??= Object.create(null) as ErrorNode;
      node = node[segment] as ErrorNode;
    }
    node.__errors = [...(node.__errors ?? []), message];
  }
  return root as ErrorSchema;
}
