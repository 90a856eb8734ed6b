import { type Schema, Validator } from "@cfworker/json-schema";
import type { ErrorSchema, RJSFSchema, ValidationData, ValidatorType } from "@rjsf/utils";

/**
 * What the form library needs of a validator: telling which branch of a union a value belongs to.
 * Errors are not its business here: the page checks the draft and hands the form what it found.
 */
export const branchValidator: ValidatorType = {
  isValid(schema, formData, rootSchema) {
    try {
      const { $defs, definitions } = rootSchema as RJSFSchema;
      const whole = { ...($defs && { $defs }), ...(definitions && { definitions }), ...schema };
      return new Validator(whole as Schema, "2020-12").validate(formData).valid;
    } catch {
      return false;
    }
  },
  validateFormData: (): ValidationData<unknown> => ({
    errors: [],
    errorSchema: {} as ErrorSchema<unknown>,
  }),
  rawValidation: () => ({ errors: [] }),
};
