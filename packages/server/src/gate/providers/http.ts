import type { HttpProvider } from "@holdpoint/protocol/gate";
import type { ActionRun } from "../../domain/gate/run.js";
import { callOut } from "../egress/call.js";
import type { OutgoingCall } from "../egress/transport.js";
import { fillBody } from "../template/body.js";
import { fillHeaders } from "../template/headers.js";
import { expandUrl } from "../template/url.js";
import { readHttpAnswer } from "./answer.js";
import type { Provider } from "./provider.js";

/** One HTTP call. Its output is `{ status, headers, body? }`. */
export const runHttp: Provider<"http"> = async (provider, run, rules) => {
  const call = planCall(provider, run);
  const answer = await callOut(call, rules);
  return readHttpAnswer(answer, call.method, run.action.manifest, await rules.credentials());
};

function planCall(provider: HttpProvider, run: ActionRun): OutgoingCall {
  const { parameters } = run;
  const url = expandUrl(provider.url, { parameters });
  const body = fillBody(provider, { parameters });
  const headers = {
    ...(body !== undefined && { "content-type": body.contentType }),
    ...fillHeaders(provider.headers ?? {}, { parameters }),
    ...idempotencyHeaders(run),
  };
  return { method: provider.method, url, headers, ...(body !== undefined && { body: body.bytes }) };
}

/** The same for every try of one call, so that the receiver does it once. */
export function idempotencyHeaders({ action, idempotencyKey }: ActionRun): Record<string, string> {
  const { idempotency } = action.manifest;
  return idempotency === undefined ? {} : { [idempotency.header.toLowerCase()]: idempotencyKey };
}
