import { typeidUnboxed } from "typeid-js";
import { type ControlPlane, createControlPlane } from "../../control-plane.js";
import { MASTER_KEY, ORIGIN } from "../../routes/testing/world.js";

const silent = { info() {}, warn() {}, error() {} };

/** A control plane of a test, on a database that others share. */
export function openReplica(url: string): Promise<ControlPlane> {
  return createControlPlane({
    storage: { kind: "postgres", url },
    blobs: { kind: "memory" },
    masterKey: MASTER_KEY,
    rateLimits: false,
    logger: silent,
  });
}

/** Who calls in these tests: an agent and an admin of one project. */
export interface People {
  readonly projectId: string;
  readonly operatorId: string;
  readonly agent: string;
  readonly admin: string;
}

export async function admit({ admin }: ControlPlane): Promise<People> {
  const { projectId, operatorId } = await admin.bootstrap({
    email: "ada@example.com",
    name: "Ada",
    projectName: "Home",
  });
  const { apiKey } = await admin.createApiKey(projectId, { agent: "billing-bot" });
  const { token } = await admin.createOperatorToken(projectId, operatorId, { name: "test" });
  return { projectId, operatorId, agent: apiKey, admin: token };
}

export type Call = (
  method: string,
  path: string,
  credential: string,
  body?: unknown,
) => Promise<Response>;

export function callsTo(plane: Pick<ControlPlane, "fetch">, base = ORIGIN): Call {
  return (method, path, credential, body) =>
    plane.fetch(
      new Request(`${base}${path}`, {
        method,
        headers: { authorization: `Bearer ${credential}`, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    );
}

/** The body of a new request with an id of its own. */
export function draft(fields: object = {}) {
  return { id: typeidUnboxed("req"), service: "billing", action: "refund", payload: 7, ...fields };
}

/** The events of a live stream, one after the other. */
export class LiveStream {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #rest = "";

  constructor(response: Response) {
    const text = response.body?.pipeThrough(new TextDecoderStream());
    this.#reader = (text as ReadableStream<string>).getReader();
  }

  /** The next event's type and number; comments are passed over. Throws at the end. */
  async next(): Promise<{ readonly type: string; readonly id: number }> {
    for (;;) {
      const end = this.#rest.indexOf("\n\n");
      const message = this.#rest.slice(0, Math.max(end, 0));
      this.#rest = this.#rest.slice(end < 0 ? 0 : end + 2);
      const type = /^event: (.*)$/m.exec(message)?.[1];
      if (type !== undefined) return { type, id: Number(/^id: (.*)$/m.exec(message)?.[1]) };
      if (end < 0) await this.#read();
    }
  }

  async #read(): Promise<void> {
    const { done, value } = await this.#reader.read();
    if (done) throw new Error("Expected another event, but the stream has ended.");
    this.#rest += value;
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}
