import { DecryptionError } from "@holdpoint/sdk";
import { ERROR, INTERRUPT, uuid6 } from "@langchain/langgraph-checkpoint";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { at, checkpoint, collect, put } from "./fixtures/checkpoint.js";
import { createCountedPlane, ENCRYPTION_KEY } from "./fixtures/plane.js";
import type { HoldpointCheckpointSaver } from "./saver.js";

const plane = await createCountedPlane();
afterAll(() => plane[Symbol.asyncDispose]());

const OTHER_KEY = Buffer.alloc(32, 9).toString("base64url");

let thread: string;
beforeEach(() => {
  thread = `thread-${uuid6(1)}`;
  plane.reset();
});

/** Everything a graph can name or say, with the canary in it; small and large. */
async function say(saver: HoldpointCheckpointSaver, word: string): Promise<void> {
  const given = checkpoint({ [word]: word, large: word.repeat(100_000) });
  given.versions_seen = { [word]: { [word]: 1 } };
  const metadata = { source: "loop" as const, step: 1, parents: { [word]: word }, [word]: word };
  const config = await put(saver, at(word, undefined, word), given, metadata);
  await saver.putWrites(
    config,
    [
      [word, word],
      [INTERRUPT, { word }],
      [ERROR, word],
    ],
    word,
    word,
  );
  await collect(saver.list(at(word, undefined, word), { filter: { [word]: word } }));
  await saver.getTuple(config);
}

/** As it is, and inside base64, which may begin at any of three places. */
function isSaid(text: string, word: string): boolean {
  const inBase64 = ["", "a", "aa"].map((before) =>
    Buffer.from(before + word)
      .toString("base64")
      .slice(4, -4),
  );
  return [word, ...inBase64].some((form) => text.includes(form));
}

describe("[G6] with an encryption key", () => {
  test("no name, value, write or metadata leaves in clear", async () => {
    await say(plane.saver({ encryptionKey: ENCRYPTION_KEY }), "canary-7f3a9c");
    expect(plane.calls.length).toBeGreaterThan(3);
    expect(plane.calls.filter((call) => isSaid(call, "canary-7f3a9c"))).toEqual([]);
  });

  test("and without one they do, but for what keys are made of", async () => {
    await say(plane.saver(), "canary-b81d20");
    expect(plane.calls.some((call) => isSaid(call, "canary-b81d20"))).toBe(true);
    expect((await plane.keys()).filter((key) => isSaid(key, "canary-b81d20"))).toEqual([]);
  });
});

describe("[G4] what does not open", () => {
  const saver = plane.saver({ encryptionKey: ENCRYPTION_KEY });

  test.each([
    ["another key", { encryptionKey: OTHER_KEY }, "DECRYPTION_KEY_MISSING"],
    ["no key", {}, "DECRYPTION_KEY_MISSING"],
  ])("is an error and not an empty thread: with %s", async (_name, client, code) => {
    const config = await put(saver, at(thread), checkpoint({ a: 1 }));
    const stranger = plane.saver(client);
    for (const reading of [
      stranger.getTuple(at(thread)),
      stranger.getTuple(config),
      collect(stranger.list(at(thread))),
      collect(stranger.list({ configurable: { thread_id: thread } }, { filter: { step: 0 } })),
    ]) {
      const error = await reading.catch((error: unknown) => error);
      expect(error).toBeInstanceOf(DecryptionError);
      expect(error).toMatchObject({ code });
    }
  });

  test("is also plaintext where a key is set", async () => {
    await put(plane.saver(), at(thread), checkpoint({ a: 1 }));
    await expect(saver.getTuple(at(thread))).rejects.toMatchObject({ code: "PLAINTEXT_REFUSED" });
  });

  test("is a record of another place", async () => {
    const { url, apiKey, fetch } = plane.holdpoint;
    const before = new Set(await plane.keys());
    await put(saver, at(thread), checkpoint({ a: 1 }, 1));
    await put(saver, at(thread), checkpoint({ a: 2 }, 2));
    const [one, two] = (await plane.keys()).filter(
      (key) => key.includes("/v/") && !before.has(key),
    );
    const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
    const answer = await fetch(`${url}/v1/records?key=${one}`, { headers });
    const { data } = (await answer.json()) as { data: readonly [{ readonly value: unknown }] };
    const records = [{ key: two, value: data[0].value, encrypted: true }];
    const body = JSON.stringify({ records });
    const moved = await fetch(`${url}/v1/records`, { method: "POST", headers, body });
    // The control plane refuses it already: the envelope says where it belongs.
    expect(await moved.json()).toMatchObject({ code: "ENVELOPE_INVALID" });
  });
});

test("another agent sees nothing, and deletes nothing", async () => {
  const config = await put(plane.saver(), at(thread), checkpoint({ a: 1 }));
  const apiKey = await plane.holdpoint.createApiKey("another-agent");
  const stranger = plane.saver({ apiKey });
  expect(await stranger.getTuple(config)).toBeUndefined();
  expect(await collect(stranger.list({}))).toEqual([]);
  await put(stranger, at(thread), checkpoint({ a: 2 }));
  await stranger.deleteThread(thread);
  expect((await plane.saver().getTuple(config))?.checkpoint.channel_values).toEqual({ a: 1 });
});
