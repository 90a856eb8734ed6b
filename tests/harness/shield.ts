import type { WireRequest } from "@holdpoint/protocol";
import type { WireSetShieldSettings, WireShieldDetails } from "@holdpoint/protocol/shield";
import type { Holdpoint } from "@holdpoint/sdk";
import { expect } from "vitest";

/** Where a control plane is, and how to call it as an operator. */
export interface Operated {
  operate(path: string, init?: RequestInit): Promise<Response>;
}

export const SERVICE = "deploy";
/** The least there is: a baseline needs twice as many runs. */
const HOLD_ONE_IN = 10;
/** Enough for a baseline that is held to {@link HOLD_ONE_IN}. */
const RUNS = 40;
/** How long what the control plane does by itself may take on a busy machine. */
const SOON = { timeout: 30_000, interval: 100 };

/** A run of the routine, whole: read, summarise, file. Nobody has to decide anything of it. */
export function observeRun(hp: Holdpoint, runId: string): void {
  const step = { service: SERVICE, runId };
  hp.observe({ ...step, action: "read_logs", payload: { lines: 200 } });
  hp.observe({ ...step, action: "summarise", payload: { words: 80 } });
  hp.observe({ ...step, action: "open_ticket", payload: { title: "Slow" }, endsRun: true });
}

type Settings = Omit<WireSetShieldSettings, "base_revision">;

/** What a service is taught beside its routine, and what is set before. */
export interface Lessons {
  readonly settings?: Settings;
  /** Observed with each run of the routine. */
  observe?(runId: string): void;
}

/** Has the service do its routine until its baseline is locked. */
export async function lockBaseline(
  holdpoint: Operated,
  hp: Holdpoint,
  { settings, observe }: Lessons = {},
): Promise<WireShieldDetails> {
  observeRun(hp, "lesson-0");
  expect(await hp.flush({ timeoutMs: 30_000 })).toMatchObject({ dropped: 0, pending: 0 });
  await setSettings(holdpoint, { hold_one_in: HOLD_ONE_IN, ...settings });
  for (let run = 1; run < RUNS; run += 1) {
    observe?.(`more-${run}`);
    observeRun(hp, `lesson-${run}`);
  }
  expect(await hp.flush({ timeoutMs: 30_000 })).toMatchObject({ dropped: 0, pending: 0 });
  await expect.poll(async () => (await readShield(holdpoint)).mode, SOON).toBe("locked");
  return readShield(holdpoint);
}

export async function enforce(holdpoint: Operated): Promise<void> {
  await setShield(holdpoint, "mode", { mode: "enforce" });
}

/** From what stands now. */
export async function setSettings(holdpoint: Operated, settings: Settings): Promise<void> {
  const { revision: base_revision } = (await readShield(holdpoint)).settings;
  await setShield(holdpoint, "settings", { base_revision, ...settings });
}

export async function setShield(
  holdpoint: Operated,
  what: "mode" | "settings",
  body: object,
): Promise<void> {
  const path = `/v1/shield/${SERVICE}/${what}`;
  await expectAnswer(holdpoint, path, { method: "PUT", body: JSON.stringify(body) });
}

export function readShield(holdpoint: Operated): Promise<WireShieldDetails> {
  return expectAnswer(holdpoint, `/v1/shield/${SERVICE}`);
}

export function readRequest(holdpoint: Operated, id: string): Promise<WireRequest> {
  return expectAnswer(holdpoint, `/v1/requests/${id}`);
}

/** The policy lets every change through, so that nothing but the shield can hold one. */
export async function allowChanges(holdpoint: Operated): Promise<void> {
  const text = `permit (principal, action == Action::"ask", resource == Intent::"${SERVICE}/apply");`;
  const body = JSON.stringify({ text, base_revision: 0 });
  await expectAnswer(holdpoint, "/v1/policies", { method: "PUT", body });
}

/** Reads the logs, and asks to apply a change at once: what no run of the routine has done. */
export async function jump(
  hp: Holdpoint,
  runId: string,
  more: { readonly payload?: object } = {},
): Promise<string> {
  const step = { service: SERVICE, runId };
  hp.observe({ ...step, action: "read_logs", payload: { lines: 200 } });
  const { id } = await hp.defer({ ...step, action: "apply", payload: { module: "web" }, ...more });
  return id;
}

/** @throws where the control plane refuses. */
export async function expectAnswer<Answer>(
  holdpoint: Operated,
  path: string,
  init: RequestInit = {},
): Promise<Answer> {
  const response = await holdpoint.operate(path, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status} ${text}`);
  return JSON.parse(text) as Answer;
}
