import { useQuery } from "@tanstack/react-query";
import { Navigate, Outlet, useRouterState } from "@tanstack/react-router";
import { type ReactNode, useEffect, useMemo } from "react";
import { KeyRingProvider } from "../encryption/key-ring-context.js";
import { Live } from "../live/live.js";
import { Notifier } from "../notifications/notifier.js";
import { useWaitingCount } from "../requests/use-waiting-count.js";
import { chooseProject, useChosenProject } from "../session/project.js";
import { identityQuery, type OperatorIdentity } from "../session/queries.js";
import { rememberReturnTo } from "../session/return-to.js";
import { SessionContext } from "../session/session.js";
import { EmptyState, ErrorState, LoadingState } from "../ui/state.js";
import { TitleCountContext } from "../ui/title.js";
import { Frame } from "./frame.js";

/** Everything behind sign-in. */
export function Shell() {
  const query = useQuery(identityQuery);
  if (query.isPending) return <LoadingState what="Holdpoint" />;
  if (query.data === undefined) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  return query.data === null ? <SignedOut /> : <SignedIn identity={query.data} />;
}

function SignedOut() {
  const path = useRouterState({ select: ({ location }) => location.href });
  useEffect(() => rememberReturnTo(path, localStorage, Date.now()), [path]);
  return <Navigate to="/sign-in" replace />;
}

function SignedIn({ identity }: { identity: OperatorIdentity }) {
  const chosen = useChosenProject();
  const { projects, operator } = identity;
  const project = projects.find(({ id }) => id === chosen) ?? projects[0];
  const projectId = project?.id;
  useEffect(() => {
    if (projectId !== undefined && projectId !== chosen) chooseProject(projectId);
  }, [projectId, chosen]);
  const session = useMemo(
    () => project && { operator, projects, project, roles: project.roles },
    [operator, projects, project],
  );
  if (session === undefined) {
    return (
      <EmptyState title="You are in no project">
        <p>You are signed in as {operator.email}. Ask an admin to invite you again.</p>
      </EmptyState>
    );
  }
  return (
    <SessionContext value={session}>
      <KeyRingProvider>
        <Live key={session.project.id} projectId={session.project.id}>
          <Notifier />
          <CountInTitle projectId={session.project.id}>
            <Frame>
              <Outlet />
            </Frame>
          </CountInTitle>
        </Live>
      </KeyRingProvider>
    </SessionContext>
  );
}

function CountInTitle({ projectId, children }: { projectId: string; children: ReactNode }) {
  return <TitleCountContext value={useWaitingCount(projectId)}>{children}</TitleCountContext>;
}
