import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CallOptions, codeOf, World } from "../testing/world.js";

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.controlPlane.close());

/** Reads a stream message by message. */
class Stream {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #rest = "";

  constructor(response: Response) {
    const text = response.body?.pipeThrough(new TextDecoderStream());
    this.#reader = (text as ReadableStream<string>).getReader();
  }

  /** The next message as its lines, or `undefined` at the end. */
  async next(): Promise<Record<string, string> | undefined> {
    while (!this.#rest.includes("\n\n")) {
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.#rest += value;
    }
    const end = this.#rest.indexOf("\n\n");
    const lines = this.#rest.slice(0, end).split("\n");
    this.#rest = this.#rest.slice(end + 2);
    return Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(":")),
        line.slice(line.indexOf(":") + 1).trim(),
      ]),
    );
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}

async function open(options: CallOptions = { as: "admin" }): Promise<Stream> {
  const response = await world.fetch("GET", "/v1/events", options);
  expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
  return new Stream(response);
}

describe("the live stream", () => {
  it("begins with ready, then tells each change in order, of this project only", async () => {
    const stream = await open();
    expect((await stream.next())?.event).toBe("ready");
    await world.call("POST", "/v1/requests", {
      as: "foreignAgent",
      body: { id: "req_01h455vb4pex5vsknk084sn02q", service: "s", action: "a", payload: 1 },
    });
    const { id } = await world.ask();
    await world.decide(id, { decision: "reject", revision: 1, reason: "No." });
    const created = await stream.next();
    const rejected = await stream.next();
    expect(created?.event).toBe("request.created");
    expect(rejected?.event).toBe("request.rejected");
    expect(JSON.parse(rejected?.data ?? "")).toMatchObject({ request_id: id, reason: "No." });
    expect(Number(rejected?.id)).toBeGreaterThan(Number(created?.id));
    await stream.cancel();
  });

  it("resumes after the last event that was seen", async () => {
    const first = await open();
    await first.next();
    await world.ask();
    const seen = await first.next();
    await first.cancel();
    const { id } = await world.ask();
    const again = await open({ as: "admin", headers: { "last-event-id": seen?.id ?? "" } });
    expect((await again.next())?.event).toBe("ready");
    expect(JSON.parse((await again.next())?.data ?? "").request_id).toBe(id);
    await again.cancel();
  });

  it("beats every 15 seconds", async () => {
    const stream = await open();
    await stream.next();
    const beat = stream.next();
    world.clock.advance(15_000);
    expect(await beat).toEqual({ "": "still here" });
    await stream.cancel();
  });

  it.each([
    ["its token is revoked", "/v1/operator-tokens"],
    ["its operator is removed", "/v1/operators"],
  ])("ends at the next beat when %s", async (_name, path) => {
    const operatorId = await world.invite("viewer", "watcher");
    const made = await world.controlPlane.admin.createOperatorToken(world.projectId, operatorId, {
      name: "stream",
    });
    const headers = { authorization: `Bearer ${made.token}` };
    const stream = await open({ headers });
    await stream.next();
    if (path === "/v1/operators") {
      await world.call("DELETE", `${path}/${operatorId}`, { as: "admin" });
    } else {
      await world.call("POST", `${path}/${made.id}/revoke`, { headers });
    }
    const end = stream.next();
    world.clock.advance(15_000);
    expect(await end).toBeUndefined();
  });

  it("tells nothing more once its operator is removed, beat or not", async () => {
    const operatorId = await world.invite("viewer", "watcher");
    const made = await world.controlPlane.admin.createOperatorToken(world.projectId, operatorId, {
      name: "stream",
    });
    const stream = await open({ headers: { authorization: `Bearer ${made.token}` } });
    await stream.next();
    await world.call("DELETE", `/v1/operators/${operatorId}`, { as: "admin" });
    await world.ask();
    expect(await stream.next()).toBeUndefined();
  });

  it("ends when the control plane closes", async () => {
    const stream = await open();
    await stream.next();
    await world.controlPlane.close();
    expect(await stream.next()).toBeUndefined();
  });

  it("refuses a Last-Event-ID that is none", async () => {
    const headers = { "last-event-id": "yesterday" };
    const reply = await world.call("GET", "/v1/events", { as: "admin", headers });
    expect(codeOf(reply)).toBe("VALIDATION_FAILED");
  });
});
