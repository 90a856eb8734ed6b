import type { JsonValue, WireRequest } from "@holdpoint/protocol";
import { useEffect, useMemo, useState } from "react";
import type { Contents } from "../encryption/contents.js";
import { findRaise } from "../purchases/lowering.js";
import { type ApprovalPlan, type Draft, planApproval } from "./draft.js";

type Check = Parameters<typeof planApproval>[2];

const NO_CHECK: Check = () => [];

/** What approving would do now; `undefined` while the contents are not readable. */
export function useApprovalPlan(
  request: WireRequest,
  contents: Contents | undefined,
  draft: Draft | undefined,
): ApprovalPlan | undefined {
  const check = useSchemaCheck(request);
  const payload = contents?.state === "readable" ? contents.payload : undefined;
  const isSpend = request.service === "spend";
  return useMemo(() => {
    if (payload === undefined) return undefined;
    const original = payload as JsonValue;
    const raises: Check = (value) => (isSpend ? findRaise(original, value) : []);
    return planApproval(original, draft, (value) => [...check(value), ...raises(value)]);
  }, [payload, draft, check, isSpend]);
}

/** The validator is loaded with the editor; a schema it cannot use is left to the server. */
function useSchemaCheck({ schema }: WireRequest): Check {
  const [check, setCheck] = useState<Check>(() => NO_CHECK);
  const text = schema === undefined ? undefined : JSON.stringify(schema);
  useEffect(() => {
    if (text === undefined) return setCheck(() => NO_CHECK);
    let current = true;
    void import("./form/validate.js").then(({ createSchemaCheck }) => {
      if (current) setCheck(() => guard(createSchemaCheck(JSON.parse(text))));
    });
    return () => {
      current = false;
    };
  }, [text]);
  return check;
}

function guard(check: Check): Check {
  return (value) => {
    try {
      return check(value);
    } catch {
      return [];
    }
  };
}
