import type { ModelMessage } from "ai";
import { expect, test } from "vitest";
import { packMessages, unpackMessages } from "./messages.js";

test("messages come back as they were: files as bytes, buffers, URLs and texts included", () => {
  const bytes = new Uint8Array([0, 127, 128, 255]);
  const messages = [
    { role: "system", content: "Be brief." },
    {
      role: "user",
      content: [
        { type: "file", data: bytes, mediaType: "image/png" },
        { type: "image", image: new URL("https://example.com/a.png") },
        {
          type: "file",
          data: { type: "url", url: new URL("https://example.com/b") },
          mediaType: "x/y",
        },
      ],
    },
    {
      role: "assistant",
      content: [{ type: "tool-call", toolCallId: "c", toolName: "t", input: { a: [1, null] } }],
    },
  ] as ModelMessage[];
  const travelled = JSON.parse(JSON.stringify(packMessages(messages)));
  expect(unpackMessages(travelled)).toEqual(messages);
});

test("a Buffer and an ArrayBuffer come back as the bytes they hold", () => {
  for (const data of [Buffer.from("Ada"), new TextEncoder().encode("Ada").buffer]) {
    const content = [{ type: "file", data, mediaType: "text/plain" }];
    const messages = [{ role: "user", content }] as ModelMessage[];
    const [message] = unpackMessages(packMessages(messages));
    const part = message?.content[0] as { data: Uint8Array };
    expect(new TextDecoder().decode(part.data)).toBe("Ada");
  }
});

test("what a model wrote that looks like our marks comes back as it was", () => {
  const url = { "holdpoint.kind": "url", value: "not a url" };
  const input = { url, plain: { "holdpoint.kind": "plain", value: url }, ["__proto__"]: { a: 1 } };
  const content = [{ type: "tool-call", toolCallId: "c", toolName: "t", input }];
  const messages = [{ role: "assistant", content }] as ModelMessage[];
  const travelled = JSON.parse(JSON.stringify(packMessages(messages)));
  expect(JSON.stringify(unpackMessages(travelled))).toBe(JSON.stringify(messages));
});
