import type { Context } from "../context.js";
import type { Answer, Audience, HeldAnswer, HttpContext } from "../http/operation.js";
import { presentedBy } from "../http/presented.js";
import { reauthorize } from "../http/reauthorize.js";
import type { Wait } from "../pipeline/wait.js";

/**
 * Answers when a wait has ended, to a caller who is still allowed to know.
 *
 * @param options.epoch - `credentialEpoch.value` when the call was let in.
 */
export function heldAnswer<Thing>(options: {
  readonly context: Context;
  readonly audience: Exclude<Audience, { readonly public: true }>;
  readonly http: HttpContext;
  readonly epoch: number;
  readonly wait: Wait<Thing>;
  readonly toBody: (thing: Thing) => unknown;
}): HeldAnswer {
  const { context, audience, epoch, wait, toBody } = options;
  const presented = presentedBy(options.http, context.publicUrl());
  return {
    onReady: (callback) => wait.onEnd(callback),
    cancel: () => wait.cancel(),
    async make(): Promise<Answer> {
      await reauthorize(context, audience, presented, epoch);
      return { status: 200, body: toBody(await wait.read()) };
    },
  };
}
