import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { isServerError } from "../server/error.js";
import { CopyBlock } from "../ui/copy.js";
import { Notice } from "../ui/notice.js";
import { ErrorState, LoadingState } from "../ui/state.js";
import { useTitle } from "../ui/title.js";
import { identityQuery, redeemSignInToken } from "./queries.js";
import { takeReturnTo } from "./return-to.js";

/** `/sign-in`: trades a one-time link for a session, or says how to get one. */
export function SignIn({ token }: { token: string | undefined }) {
  useTitle("Sign in");
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-5 p-5">
      <p className="flex items-center gap-2.5 font-semibold">
        <img src="/favicon.svg" alt="" width="28" height="28" />
        Holdpoint
      </p>
      {token === undefined ? <AskForLink /> : <Redeem token={token} />}
    </main>
  );
}

function Redeem({ token }: { token: string }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: ["sign-in", token],
    queryFn: () => redeemSignInToken(token),
    // The token works once; a second try could only spoil the first one's success.
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { data: identity } = query;
  useEffect(() => {
    if (identity === undefined) return;
    client.setQueryData(identityQuery.queryKey, identity);
    void navigate({ href: takeReturnTo(localStorage, Date.now()), replace: true });
  }, [identity, client, navigate]);

  if (!query.isError) return <LoadingState what="your session" />;
  if (!isServerError(query.error, "CREDENTIAL_INVALID")) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  return (
    <>
      <Notice tone="alert" title="This sign-in link does not work any more">
        It was used already, or has expired. Each link works once, for a short time.
      </Notice>
      <StillSignedIn />
      <AskForLink />
    </>
  );
}

/** Somebody who opens an old link often has a session from its first use. */
function StillSignedIn() {
  const { data: identity } = useQuery(identityQuery);
  if (!identity) return null;
  return (
    <p>
      You are signed in as {identity.operator.name}.{" "}
      <Link to="/" className="text-accent underline">
        Go to the inbox
      </Link>
    </p>
  );
}

function AskForLink(): ReactNode {
  return (
    <>
      <h1 className="text-xl font-semibold">Sign in with a one-time link</h1>
      <p className="text-soft">
        On your own machine, the terminal prints one each time the control plane starts:
      </p>
      <CopyBlock label="command" text="npx holdpoint dev" />
      <p className="text-soft">
        Elsewhere, ask an admin of your project: they make a link for you under Operators.
      </p>
    </>
  );
}
