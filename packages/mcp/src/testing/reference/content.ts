/** What the conformance suite's tools, resources and prompts answer with. */

/** One red pixel. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
/** A header, and no sound. */
const WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=";

export const PIXEL = PNG;

export const IMAGE = { type: "image" as const, data: PNG, mimeType: "image/png" };

export const SOUND = { type: "audio" as const, data: WAV, mimeType: "audio/wav" };

export const EMBEDDED = embed("test://embedded-resource");

export function embed(uri: string) {
  const resource = { uri, mimeType: "text/plain", text: "This is an embedded resource content." };
  return { type: "resource" as const, resource };
}

export function text(words: string) {
  return { content: [{ type: "text" as const, text: words }] };
}
