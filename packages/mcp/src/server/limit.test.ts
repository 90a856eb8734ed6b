import { ConnectionError } from "@holdpoint/sdk";
import { describe, expect, test } from "vitest";
import { limitCall } from "./limit.js";

const hang = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });

describe("limitCall", () => {
  const client = new AbortController();

  test("gives what the work gives", async () => {
    expect(await limitCall(client.signal, async () => 7)).toBe(7);
  });

  test("ends what hangs, as a failure that may pass", async () => {
    const limited = limitCall(client.signal, hang, 10);
    await expect(limited).rejects.toBeInstanceOf(ConnectionError);
    await expect(limited).rejects.toMatchObject({ code: "CONNECTION_TIMEOUT", retryable: true });
  });

  test("leaves the client's own reason and other failures as they are", async () => {
    const failure = new Error("of another kind");
    await expect(limitCall(client.signal, () => Promise.reject(failure))).rejects.toBe(failure);
    const cancelled = limitCall(client.signal, hang);
    client.abort(failure);
    await expect(cancelled).rejects.toBe(failure);
  });
});
