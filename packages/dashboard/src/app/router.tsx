import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from "@tanstack/react-router";
import { readSuggestionSearch } from "../policies/suggestion-search.js";
import { readPurchaseFilters } from "../purchases/filter-search.js";
import { readFilters } from "../requests/filter-search.js";
import { Inbox } from "../requests/inbox.js";
import { SignIn } from "../session/sign-in.js";
import { readShieldSearch } from "../shield/search.js";
import { EmptyState, ErrorState } from "../ui/state.js";
import { Shell } from "./shell.js";

/** The routes. `signInToken` is what `/sign-in#token=…` carried, taken out of the address already. */
export function createAppRouter(signInToken: string | undefined) {
  const root = createRootRoute({
    component: Outlet,
    notFoundComponent: () => <EmptyState title="There is no such page" />,
    errorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
  });
  const signIn = createRoute({
    getParentRoute: () => root,
    path: "/sign-in",
    component: () => <SignIn token={signInToken} />,
  });
  const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Shell });

  const inbox = createRoute({
    getParentRoute: () => shell,
    path: "/",
    validateSearch: readFilters,
    component: function InboxRoute() {
      const navigate = inbox.useNavigate();
      return (
        <Inbox
          filters={inbox.useSearch()}
          onFilters={(search) => void navigate({ search, replace: true })}
        />
      );
    },
  });
  const request = createRoute({
    getParentRoute: () => shell,
    path: "/requests/$requestId",
    validateSearch: (search): { edit?: true } =>
      search.edit === true || search.edit === "true" ? { edit: true } : {},
    component: lazyRouteComponent(() => import("./request-route.js"), "RequestRoute"),
  });
  const history = createRoute({
    getParentRoute: () => shell,
    path: "/history",
    validateSearch: readFilters,
    component: lazyRouteComponent(() => import("./history-route.js"), "HistoryRoute"),
  });
  const spend = createRoute({
    getParentRoute: () => shell,
    path: "/spend",
    component: lazyRouteComponent(() => import("../spend/frame.js"), "SpendFrame"),
  });
  const budgets = createRoute({
    getParentRoute: () => spend,
    path: "/",
    component: lazyRouteComponent(() => import("../budgets/page.js"), "BudgetsPage"),
  });
  const purchases = createRoute({
    getParentRoute: () => spend,
    path: "/purchases",
    validateSearch: readPurchaseFilters,
    component: lazyRouteComponent(() => import("./purchases-route.js"), "PurchasesRoute"),
  });
  const spendPolicies = createRoute({
    getParentRoute: () => spend,
    path: "/policies",
    validateSearch: (search): { of?: string } =>
      typeof search.of === "string" ? { of: search.of.slice(0, 60) } : {},
    component: lazyRouteComponent(() => import("./spend-policies-route.js"), "SpendPoliciesRoute"),
  });
  const gate = createRoute({
    getParentRoute: () => shell,
    id: "gate",
    component: lazyRouteComponent(() => import("../gate/frame.js"), "GateFrame"),
  });
  const actions = createRoute({
    getParentRoute: () => gate,
    path: "/actions",
    component: lazyRouteComponent(() => import("../actions/page.js"), "ActionsPage"),
  });
  const action = createRoute({
    getParentRoute: () => gate,
    path: "/actions/$actionId",
    component: lazyRouteComponent(() => import("./action-route.js"), "ActionRoute"),
  });
  const leases = createRoute({
    getParentRoute: () => gate,
    path: "/leases",
    component: lazyRouteComponent(() => import("../leases/page.js"), "LeasesPage"),
  });
  const agents = createRoute({
    getParentRoute: () => gate,
    path: "/agents",
    component: lazyRouteComponent(() => import("../agents/page.js"), "AgentsPage"),
  });
  const policies = createRoute({
    getParentRoute: () => gate,
    path: "/policies",
    validateSearch: readSuggestionSearch,
    component: lazyRouteComponent(() => import("./policies-route.js"), "PoliciesRoute"),
  });
  const shield = createRoute({
    getParentRoute: () => shell,
    path: "/shield",
    component: lazyRouteComponent(() => import("../shield/page.js"), "ShieldPage"),
  });
  const shieldService = createRoute({
    getParentRoute: () => shell,
    path: "/shield/$service",
    validateSearch: readShieldSearch,
    component: lazyRouteComponent(() => import("./shield-service-route.js"), "ShieldServiceRoute"),
  });
  const keys = createRoute({
    getParentRoute: () => shell,
    path: "/keys",
    component: lazyRouteComponent(() => import("../keys/page.js"), "KeysPage"),
  });
  const operators = createRoute({
    getParentRoute: () => shell,
    path: "/operators",
    component: lazyRouteComponent(() => import("../operators/page.js"), "OperatorsPage"),
  });
  const webhooks = createRoute({
    getParentRoute: () => shell,
    path: "/webhooks",
    component: lazyRouteComponent(() => import("../webhooks/page.js"), "WebhooksPage"),
  });
  const tokens = createRoute({
    getParentRoute: () => shell,
    path: "/tokens",
    component: lazyRouteComponent(() => import("../tokens/page.js"), "TokensPage"),
  });
  return createRouter({
    routeTree: root.addChildren([
      signIn,
      shell.addChildren([
        inbox,
        request,
        history,
        spend.addChildren([budgets, purchases, spendPolicies]),
        gate.addChildren([actions, action, leases, agents, policies]),
        shield,
        shieldService,
        keys,
        webhooks,
        operators,
        tokens,
      ]),
    ]),
    defaultPreload: "intent",
    scrollRestoration: true,
    scrollToTopSelectors: ["#content"],
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
