import { streamSSE } from "hono/streaming";
import { z } from "zod";
import { ProblemError } from "../../domain/problem.js";
import type { HttpContext } from "../../http/operation.js";
import { operation } from "../../http/operation.js";
import { presentedBy } from "../../http/presented.js";
import { reauthorize } from "../../http/reauthorize.js";
import { followEvents } from "../../pipeline/follow.js";
import { toWireEvent } from "./wire.js";

const audience = { operator: "member" } as const;

export const streamEventsOperation = operation({
  id: "streamEvents",
  tag: "Live",
  method: "get",
  path: "/v1/events",
  audience,
  summary: "Follow a project live",
  description:
    "Server-sent events: first `ready`, then one event per change with its type, its sequence as `id` and the event as `data`; a comment every 15 seconds. `Last-Event-ID` resumes after that event.",
  responses: {
    200: { description: "The stream.", contentType: "text/event-stream", schema: z.string() },
  },
  async handle({ context, caller, http }) {
    const latest = await context.store.events.latestSequence(caller.projectId);
    const presented = presentedBy(http, context.publicUrl());
    const after = resumePoint(http) ?? latest;
    http.header("Cache-Control", "no-store");
    http.header("X-Accel-Buffering", "no");
    return streamSSE(http, async (stream) => {
      await stream.writeSSE({ event: "ready", id: String(after), data: "{}" });
      const follower = followEvents(context, caller.projectId, after, {
        confirm: (epoch) => reauthorize(context, audience, presented, epoch),
        event: (event) =>
          stream.writeSSE({
            event: event.type,
            id: String(event.sequence),
            data: JSON.stringify(toWireEvent(event)),
          }),
        beat: async () => {
          await stream.write(": still here\n\n");
        },
      });
      stream.onAbort(follower.stop);
      await follower.ended;
    });
  },
});

function resumePoint(http: HttpContext): number | undefined {
  const text = http.req.header("Last-Event-ID");
  if (text === undefined || text === "") return undefined;
  const sequence = Number(text);
  if (Number.isSafeInteger(sequence) && sequence >= 0) return sequence;
  throw new ProblemError({
    code: "VALIDATION_FAILED",
    detail:
      "Expected Last-Event-ID as the id of an event of this stream. Leave it out to start now.",
  });
}
