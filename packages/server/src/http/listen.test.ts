import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { listen, shut } from "./listen.js";

it("[P-DRAIN] answers all who have connected before it closes, and nobody after them", async () => {
  const server = await listen(async () => new Response("here"), { port: 0, hostname: "127.0.0.1" });
  const { port } = server.address() as AddressInfo;
  const place = { port, host: "127.0.0.1" };
  const answers = Array.from({ length: 40 }, () => {
    const socket = connect(place);
    socket.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    return text(socket);
  });
  // They connect at the end of this turn, and the server has not looked at its sockets since.
  await new Promise(process.nextTick);
  await shut(server);
  for (const answer of await Promise.all(answers)) {
    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*here/);
  }
  await expect(text(connect(place))).rejects.toMatchObject({ code: "ECONNREFUSED" });
});
