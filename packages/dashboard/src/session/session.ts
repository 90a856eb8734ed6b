import { createContext, use } from "react";
import type { OperatorIdentity } from "./queries.js";

export interface Session {
  readonly operator: OperatorIdentity["operator"];
  readonly projects: OperatorIdentity["projects"];
  readonly project: OperatorIdentity["projects"][number];
  /** The operator's roles in `project`. */
  readonly roles: readonly string[];
}

export const SessionContext = createContext<Session | undefined>(undefined);

/** The signed-in operator and the project being looked at. Only below the application shell. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (session === undefined) throw new TypeError("useSession needs a signed-in shell around it.");
  return session;
}
