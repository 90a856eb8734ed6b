import type { JsonValue } from "@holdpoint/protocol";
import { bearerOf, type Fake, type FakeAnswer, jsonOf } from "./fake.js";

/**
 * One channel of Slack, for one bot. It answers 200 to whatever it refuses.
 *
 * @see https://docs.slack.dev/reference/methods/chat.postMessage
 */
export function fakeSlack({ token, channel }: { token: string; channel: string }): Fake {
  let count = 0;

  return (call) => {
    if (call.method !== "POST" || call.path !== "/api/chat.postMessage") {
      return refusal("unknown_method");
    }
    const given = bearerOf(call);
    if (given === undefined) return refusal("not_authed");
    if (given !== token) return refusal("invalid_auth");
    const { channel: to, text, ...rest } = jsonOf(call) ?? {};
    if (to !== channel) return refusal("channel_not_found");
    if (typeof text !== "string" || text === "") return refusal("no_text");
    count += 1;
    const ts = `1503435956.${String(count).padStart(6, "0")}`;
    const message = { type: "message", text, ts, ...(rest as Record<string, JsonValue>) };
    return { status: 200, body: { ok: true, channel, ts, message, ...warningOf(call.headers) } };
  };
}

function refusal(error: string): FakeAnswer {
  return { status: 200, body: { ok: false, error } };
}

function warningOf(headers: { readonly "content-type"?: string | undefined }) {
  if (/charset=utf-8/i.test(headers["content-type"] ?? "")) return {};
  return { warning: "missing_charset" };
}
