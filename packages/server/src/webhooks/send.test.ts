import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ManualClock } from "../routes/testing/clock.js";
import type { Resolve } from "./address.js";
import { createSender, type Sender } from "./send.js";
import { Receiver } from "./testing/receiver.js";

let receiver: Receiver;
let clock: ManualClock;
let sender: Sender;
beforeEach(async () => {
  receiver = await Receiver.start();
  clock = new ManualClock();
  sender = createSender({ clock, policy: { allowLoopback: true } });
});
afterEach(async () => {
  sender.close();
  await receiver.stop();
});

const send = (url = receiver.url, body = '{"a":"ü"}') =>
  sender.send(url, { "webhook-id": "evt" }, body);

describe("a webhook that is sent", () => {
  it("arrives whole, as JSON", async () => {
    expect(await send()).toMatchObject({ status: 204 });
    const [call] = receiver.calls;
    expect(call?.body).toBe('{"a":"ü"}');
    expect(call?.headers).toMatchObject({
      "content-type": "application/json",
      "webhook-id": "evt",
      "user-agent": "Holdpoint-Webhooks/1",
    });
    expect(call?.headers).not.toHaveProperty("authorization");
  });

  it("uses a connection again", async () => {
    const sockets = new Set<unknown>();
    receiver.answer = (response) => {
      sockets.add(response.socket);
      response.end("ok");
    };
    for (let count = 0; count < 3; count += 1) await send();
    expect(sockets.size).toBe(1);
  });

  it.each([301, 302, 307, 308])("[P-SSRF] follows no redirect (%s)", async (status) => {
    await using inside = await Receiver.start();
    receiver.answer = (response) => response.writeHead(status, { location: inside.url }).end();
    expect(await send()).toMatchObject({ status });
    expect(inside.calls).toEqual([]);
  });

  it("tells what the receiver asks for", async () => {
    receiver.answer = (response) => response.writeHead(429, { "retry-after": "120" }).end();
    expect(await send()).toEqual({ status: 429, retryAfterMs: 120_000 });
  });

  it("reads no endless answer", async () => {
    let isOpen = true;
    receiver.answer = (response) => {
      response.writeHead(200);
      const pour = () => {
        if (isOpen && response.write(Buffer.alloc(16_384))) setImmediate(pour);
        else if (isOpen) response.once("drain", pour);
      };
      response.once("close", () => {
        isOpen = false;
      });
      pour();
    };
    expect(await send()).toMatchObject({ status: 200 });
    await vi.waitFor(() => expect(isOpen).toBe(false), { timeout: 20_000 });
  });
});

describe("what keeps an answer from coming", () => {
  it("is a timeout where there is none in 15 seconds, and not before", async () => {
    receiver.answer = () => {};
    const sent = send();
    await receiver.next();
    clock.advance(14_999);
    expect(receiver.calls).toHaveLength(1);
    clock.advance(1);
    expect(await sent).toEqual({ error: "timeout" });
    expect(clock.pendingTimers).toBe(0);
  });

  it("is nothing once the status has come: an unending body does not change it", async () => {
    receiver.answer = (response) => response.writeHead(200).write("…");
    // Until the status was quicker than the clock, which nothing here can tell beforehand.
    await vi.waitFor(
      async () => {
        const sent = send();
        await receiver.next();
        await new Promise((resolve) => setTimeout(resolve, 10));
        clock.advance(15_000);
        expect(await sent).toMatchObject({ status: 200 });
      },
      { timeout: 20_000 },
    );
  });

  it("is that nobody listens", async () => {
    await receiver.stop();
    expect(await send()).toEqual({ error: "connection_refused" });
  });

  it("is a connection that breaks", async () => {
    receiver.answer = (response) => response.destroy();
    expect(await send()).toEqual({ error: "connection_reset" });
  });

  it("is something that speaks no HTTP", async () => {
    const server = await tcp("garbage\r\n\r\n");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await send(url)).toEqual({ error: "connection_failed" });
    server.close();
  });

  it("is TLS that is none", async () => {
    expect(await send(`https://127.0.0.1:${receiver.port}/`)).toEqual({ error: "tls_failed" });
  });

  it("is our own end", async () => {
    receiver.answer = () => {};
    const sent = send();
    await receiver.next();
    sender.close();
    expect(await sent).toEqual({ error: "interrupted" });
  });
});

describe("an address inside", () => {
  function resolver(...answers: readonly string[]) {
    const asked: string[] = [];
    const resolve = (name: string, _options: unknown, callback: unknown) => {
      const address = answers[Math.min(asked.length, answers.length - 1)];
      asked.push(name);
      (callback as (error: null, found: object[]) => void)(null, [{ address, family: 4 }]);
    };
    return { asked, resolve: resolve as Resolve };
  }

  it.each(["http://10.0.0.1/", "https://169.254.169.254/", "http://example.com/", "nonsense"])(
    "is not called: %s",
    async (url) => {
      expect(await send(url)).toEqual({ error: "address_refused" });
    },
  );

  it("is not called in production, whatever an endpoint made in development says", async () => {
    const strict = createSender({ clock, policy: { allowLoopback: false } });
    const { url } = receiver;
    expect(await strict.send(url, {}, "{}")).toEqual({ error: "address_refused" });
    expect(receiver.calls).toEqual([]);
  });

  it("is not called under a public name that leads there", async () => {
    const { resolve } = resolver("127.0.0.1");
    const guarded = createSender({ clock, policy: { allowLoopback: true }, resolve });
    const url = `https://rebound.example:${receiver.port}/`;
    expect(await guarded.send(url, {}, "{}")).toEqual({ error: "address_refused" });
    expect(receiver.calls).toEqual([]);
  });

  it("is not called by a name that changes its mind: the address checked is the one called", async () => {
    // A documentation address: checked as public it is refused, so nothing goes out from here.
    const { asked, resolve } = resolver("192.0.2.1", "127.0.0.1");
    const guarded = createSender({ clock, policy: { allowLoopback: false }, resolve });
    const url = `https://rebound.example:${receiver.port}/`;
    expect(await guarded.send(url, {}, "{}")).toEqual({ error: "address_refused" });
    expect(asked).toEqual(["rebound.example"]);
    expect(await guarded.send(url, {}, "{}")).toEqual({ error: "address_refused" });
    expect(asked).toEqual(["rebound.example", "rebound.example"]);
    expect(receiver.calls).toEqual([]);
  });

  it("asks for a name once per connection and calls what was answered", async () => {
    const { asked, resolve } = resolver("127.0.0.1", "10.0.0.1");
    const here = createSender({ clock, policy: { allowLoopback: true }, resolve });
    const url = `http://app.localhost:${receiver.port}/holdpoint`;
    expect(await here.send(url, {}, "{}")).toMatchObject({ status: 204 });
    expect(asked).toEqual(["app.localhost"]);
    here.close();
  });

  it("is a name that nobody knows", async () => {
    const resolve = ((_name: string, _options: unknown, callback: unknown) => {
      const error = Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" });
      (callback as (error: Error, found: object[]) => void)(error, []);
    }) as Resolve;
    const lost = createSender({ clock, policy: { allowLoopback: false }, resolve });
    expect(await lost.send("https://nobody.example/", {}, "{}")).toEqual({
      error: "name_not_found",
    });
  });
});

async function tcp(answer: string): Promise<Server> {
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.end(answer);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
