import type { WireList } from "@holdpoint/protocol";
import type {
  WireReviewShieldStep,
  WireSetShieldMode,
  WireSetShieldSettings,
  WireShieldDetails,
  WireShieldProfile,
  WireShieldRun,
  WireShieldStep,
} from "@holdpoint/protocol/shield";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { callServer, queryText } from "../server/call.js";

/** Names a profile within its project. */
export interface ShieldPlace {
  readonly service: string;
  readonly environment?: string | undefined;
}

/** Observations come without live events: what is learnt of them is looked up now and then. */
const REFRESH_MS = 5_000;
const PAGE_SIZE = 20;

/** Under the key of the requests: an anomaly is an event of a request, and comes with live events. */
const keyOf = (projectId: string) => ["requests", projectId, "shield"] as const;
const placeKey = (projectId: string, { service, environment = "" }: ShieldPlace) =>
  [...keyOf(projectId), service, environment] as const;

/** Every profile of the project. */
export function shieldProfilesQuery(projectId: string) {
  return queryOptions({
    queryKey: [...keyOf(projectId), "list"],
    queryFn: ({ signal }) =>
      callServer<WireList<WireShieldProfile>>("/v1/shield", { projectId, signal }),
    refetchInterval: REFRESH_MS,
  });
}

export function shieldDetailsQuery(projectId: string, place: ShieldPlace) {
  return queryOptions({
    queryKey: [...placeKey(projectId, place), "details"],
    queryFn: ({ signal }) =>
      callServer<WireShieldDetails>(pathOf(place, "", {}), { projectId, signal }),
    refetchInterval: REFRESH_MS,
  });
}

/** The latest first. */
export function shieldRunsQuery(projectId: string, place: ShieldPlace, anomalous: boolean) {
  return infiniteQueryOptions({
    queryKey: [...placeKey(projectId, place), "runs", anomalous],
    queryFn: ({ pageParam, signal }) =>
      callServer<WireList<WireShieldRun>>(
        pathOf(place, "/runs", {
          limit: PAGE_SIZE,
          cursor: pageParam,
          ...(anomalous && { anomalous: "true" }),
        }),
        { projectId, signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: REFRESH_MS,
  });
}

/** What a list of steps is narrowed to. */
export interface StepFilters {
  readonly anomalous?: "true";
  readonly reviewed?: "true" | "false";
  readonly action?: string;
  readonly after?: string;
  readonly is_first?: "true";
}

/** The newest first. */
export function shieldStepsQuery(projectId: string, place: ShieldPlace, filters: StepFilters) {
  return infiniteQueryOptions({
    queryKey: [...placeKey(projectId, place), "steps", filters],
    queryFn: ({ pageParam, signal }) =>
      callServer<WireList<WireShieldStep>>(
        pathOf(place, "/steps", { ...filters, limit: PAGE_SIZE, cursor: pageParam }),
        { projectId, signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: REFRESH_MS,
  });
}

/** Every page of them: what is open must not be stale after a change. */
export function shieldKey(projectId: string): readonly string[] {
  return keyOf(projectId);
}

export function runStepsKey(projectId: string, place: ShieldPlace, runKey: string) {
  return [...placeKey(projectId, place), "run", runKey] as const;
}

export function fetchStepPage(
  projectId: string,
  place: ShieldPlace,
  query: { readonly run_key: string; readonly limit: number; readonly cursor?: string | undefined },
  signal: AbortSignal,
): Promise<WireList<WireShieldStep>> {
  return callServer(pathOf(place, "/steps", query), { projectId, signal });
}

export function setShieldMode(
  projectId: string,
  place: ShieldPlace,
  mode: WireSetShieldMode["mode"],
): Promise<unknown> {
  const body: WireSetShieldMode = { mode, ...environmentOf(place) };
  return callServer(pathOf(place, "/mode"), { method: "PUT", projectId, body });
}

export function setShieldSettings(
  projectId: string,
  place: ShieldPlace,
  settings: Omit<WireSetShieldSettings, "environment">,
): Promise<unknown> {
  const body: WireSetShieldSettings = { ...settings, ...environmentOf(place) };
  return callServer(pathOf(place, "/settings"), { method: "PUT", projectId, body });
}

export function reviewStep(
  projectId: string,
  place: ShieldPlace,
  review: Omit<WireReviewShieldStep, "environment">,
): Promise<unknown> {
  const body: WireReviewShieldStep = { ...review, ...environmentOf(place) };
  return callServer(pathOf(place, "/reviews"), { method: "POST", projectId, body });
}

function environmentOf({ environment }: ShieldPlace): { readonly environment?: string } {
  return environment === undefined ? {} : { environment };
}

/** Without `query` the place travels in the body, and the path names the service alone. */
function pathOf(
  { service, environment }: ShieldPlace,
  below: string,
  query?: Readonly<Record<string, string | number | undefined>>,
): string {
  const search = query === undefined ? "" : queryText({ environment, ...query });
  return `/v1/shield/${encodeURIComponent(service)}${below}${search}`;
}
