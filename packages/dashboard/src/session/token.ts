/**
 * Takes the one-time token out of `/sign-in#token=…` and out of the address bar, so that it is
 * neither bookmarked, shared nor kept in the history.
 */
export function takeSignInToken(location: Location, history: History): string | undefined {
  if (location.pathname !== "/sign-in") return undefined;
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (location.hash !== "") history.replaceState(history.state, "", location.pathname);
  return token === null || token === "" ? undefined : token;
}
