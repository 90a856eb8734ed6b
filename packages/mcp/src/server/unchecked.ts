import type { jsonSchemaValidator } from "@modelcontextprotocol/server";

/** For a tool that checks by itself, and tells a model what to correct. */
export const UNCHECKED: jsonSchemaValidator = {
  getValidator: () => (input) => ({
    valid: true,
    data: input as never,
    errorMessage: undefined,
  }),
};
