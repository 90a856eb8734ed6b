import type { JsonValue } from "@holdpoint/protocol";
import type { CallOptions } from "../requests/options.js";

/**
 * What can be parked: JSON (plain, up to 64 levels deep), or bytes of any kind and length up to
 * 1.1 GiB. Bytes, blobs and JSON can be sent again after a passing failure; a stream can be read
 * only once, so a large one is sent once. Any other object has to be JSON, which is checked when it is
 * parked: the type of an interface does not say it.
 */
export type StateData = JsonValue | object;

export interface ParkOptions extends CallOptions {
  /**
   * Bytes that a stream will give. Storage hosts such as S3 want to know before: a stream of unknown
   * length is gathered in memory up to 8 MiB, and beyond it reaches only a control plane that keeps
   * states itself. Ignored for what has a length of its own.
   */
  readonly sizeBytes?: number;
  /**
   * The state's id (`sta_` TypeID). Default: a new one. The same id parks once: what was parked
   * under it first stays.
   */
  readonly id?: string;
}

export interface ParkedState {
  /** Pass to {@link States.load}, in this process or another of the same agent. */
  readonly id: string;
  /** Bytes as they are kept: encrypted, a little more than what was parked. */
  readonly sizeBytes: number;
}

/**
 * A state found again. Each call downloads and decrypts it anew, in constant memory.
 *
 * All of them reject (the stream fails) with {@link DecryptionError} `STATE_DAMAGED` or
 * `STATE_TRUNCATED` when it is not what was parked: use nothing of it. `ConnectionError` when the
 * storage host cannot be reached.
 */
export interface LoadedState {
  readonly id: string;
  /** Bytes as they are kept. */
  readonly sizeBytes: number;
  /** @throws {ValidationError} `VALIDATION_FAILED`: it is whole, but was not parked as JSON. */
  json<Value = JsonValue>(): Promise<Value>;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  /** Only the end of the stream says that it was all. */
  stream(): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
}

/** An agent's memory, put aside while a person decides. Encrypted here, with a key of its own. */
export interface States {
  /**
   * Encrypts and uploads.
   *
   * @throws {ValidationError} `VALIDATION_FAILED`, `STATE_TOO_LARGE`.
   * @throws {EncryptionError} `ENCRYPTION_FAILED`: this runtime lacks WebCrypto.
   * @throws {ConnectionError} {@link UnavailableError} after all retries.
   * @throws `signal.reason`, unchanged, when aborted.
   */
  park(data: StateData, options?: ParkOptions): Promise<ParkedState>;
  /**
   * Finds a state; its content is downloaded by the calls of what comes back.
   *
   * @throws {NotFoundError} `STATE_NOT_FOUND`: none of this agent, or deleted.
   * @throws {ConflictError} `STATE_NOT_UPLOADED`: parking it never finished.
   * @throws {DecryptionError} `STATE_KEY_MISSING`: it is encrypted with a key not set here.
   */
  load(id: string, options?: CallOptions): Promise<LoadedState>;
}
