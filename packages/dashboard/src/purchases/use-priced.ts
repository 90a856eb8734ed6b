import type { WireRequest } from "@holdpoint/protocol";
import { useQueries } from "@tanstack/react-query";
import { isServerError } from "../server/error.js";
import { useSession } from "../session/session.js";
import { purchaseQuery } from "./queries.js";

/**
 * Whether it can be seen what these requests cost; true for those that are no purchases. Nothing is
 * approved before: of an encrypted purchase only the purchase says it, not the payload.
 */
export function usePriced(requests: readonly WireRequest[]): boolean {
  const { project } = useSession();
  const queries = useQueries({
    queries: requests
      .filter(({ service }) => service === "spend")
      .map(({ id }) => purchaseQuery(project.id, id)),
  });
  return queries.every(
    ({ data, error }) => data !== undefined || isServerError(error, "PURCHASE_NOT_FOUND"),
  );
}
