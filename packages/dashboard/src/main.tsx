import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createAppRouter } from "./app/router.js";
import { ServerError } from "./server/error.js";
import { identityQuery } from "./session/queries.js";
import { takeSignInToken } from "./session/token.js";
import "./styles.css";

const signInToken = takeSignInToken(window.location, window.history);
// A link pasted into a tab that shows the sign-in page changes the fragment and loads nothing.
window.addEventListener("hashchange", () => {
  if (window.location.pathname === "/sign-in") window.location.reload();
});
/** A session that has ended shows itself in any call; then we look again at who is signed in. */
const onError = (error: unknown) => {
  if (error instanceof ServerError && error.status === 401) {
    void client.invalidateQueries(identityQuery);
  }
};
const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      // What the server has refused it refuses again; a broken line may come back.
      retry: (failures, error) =>
        failures < 2 &&
        (!(error instanceof ServerError) || error.status === 0 || error.status >= 500),
      staleTime: 2_000,
      // The control plane may be this very machine: being offline says nothing about it.
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});
const container = document.getElementById("root");
if (container === null) throw new Error("index.html has no element with the id root.");
createRoot(container).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={createAppRouter(signInToken)} />
    </QueryClientProvider>
  </StrictMode>,
);
