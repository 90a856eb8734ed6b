import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { MasterKeyError, StoreError } from "../errors.js";
import { type MasterKey, parseMasterKey } from "./master-key.js";

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** The columns that are sealed under a data key; part of what binds a sealed value to its place. */
export type SealedColumn =
  | "payload"
  | "patch"
  | "diff"
  | "reason"
  | `reason of ${string}`
  | "witness"
  | "result"
  | "error"
  | "evidence"
  | "record"
  | "webhook_secret"
  | "webhook_previous_secret";

/** Where a sealed value belongs. Moved anywhere else it does not open. */
export interface SealedPlace {
  readonly projectId: string;
  readonly requestId: string;
}

/** A request's own key, as it is stored. */
export interface WrappedKey {
  readonly masterKeyId: string;
  readonly wrapped: Uint8Array;
}

/** A secret that belongs to no request, as it is stored. */
export interface SealedSecret {
  readonly masterKeyId: string;
  readonly sealed: Uint8Array;
}

/** Seals and opens the columns of one request. */
export interface RequestSeal {
  /** @param value - What JSON can say. */
  seal(column: SealedColumn, value: unknown): Uint8Array;
  /** @throws {StoreError} `SEALED_DATA_UNREADABLE`: damaged, or moved from another place. */
  open(column: SealedColumn, sealed: Uint8Array): unknown;
}

/**
 * Encryption at rest: AES-256-GCM under a fresh data key per request, wrapped by a master key. A
 * sealed value is version (1 byte), nonce (12), ciphertext, tag (16); version, project, request and
 * column are authenticated with it.
 *
 * @param masterKeys - 32 bytes each as base64url. The first writes, all of them read.
 * @throws {MasterKeyError} `MASTER_KEY_INVALID`: none, or one that is malformed.
 */
export class Vault {
  readonly writingKeyId: string;
  readonly #writing: MasterKey;
  readonly #byId: ReadonlyMap<string, MasterKey>;

  constructor(masterKeys: readonly string[]) {
    const keys = masterKeys.map(parseMasterKey);
    const [writing] = keys;
    if (writing === undefined) {
      throw new MasterKeyError({
        code: "MASTER_KEY_INVALID",
        message: "Expected at least one master key, got none.",
      });
    }
    this.#writing = writing;
    this.writingKeyId = writing.id;
    this.#byId = new Map(keys.map((key) => [key.id, key]));
  }

  has(masterKeyId: string): boolean {
    return this.#byId.has(masterKeyId);
  }

  /** A new data key for a request about to be made. */
  createSeal(place: SealedPlace): { seal: RequestSeal; key: WrappedKey } {
    const dataKey = randomBytes(KEY_BYTES);
    const { id, key } = this.#writing;
    const wrapped = encrypt(key, dataKey, keyBinding(place, id));
    return { seal: requestSeal(dataKey, place), key: { masterKeyId: id, wrapped } };
  }

  /**
   * @throws {MasterKeyError} `MASTER_KEY_WRONG`: the key that wrapped this one is not loaded.
   * @throws {StoreError} `SEALED_DATA_UNREADABLE`: damaged, or moved from another request.
   */
  openSeal(place: SealedPlace, { masterKeyId, wrapped }: WrappedKey): RequestSeal {
    const master = this.#byId.get(masterKeyId);
    if (master === undefined) throw missingMasterKey([masterKeyId]);
    return requestSeal(decrypt(master.key, wrapped, keyBinding(place, masterKeyId)), place);
  }

  /**
   * Seals bytes that belong to no request, such as a signing key.
   *
   * @param place - Its table, then what identifies it there. Moved anywhere else it does not open.
   */
  sealSecret(place: readonly string[], secret: Uint8Array): SealedSecret {
    const { id, key } = this.#writing;
    return { masterKeyId: id, sealed: encrypt(key, secret, secretBinding(place, id)) };
  }

  /**
   * @throws {MasterKeyError} `MASTER_KEY_WRONG`: the key that sealed this is not loaded.
   * @throws {StoreError} `SEALED_DATA_UNREADABLE`: damaged, or moved from another place.
   */
  openSecret(place: readonly string[], { masterKeyId, sealed }: SealedSecret): Buffer {
    const master = this.#byId.get(masterKeyId);
    if (master === undefined) throw missingMasterKey([masterKeyId]);
    return decrypt(master.key, sealed, secretBinding(place, masterKeyId));
  }
}

/** Seals what there is to say, and opens the data key only where there is something. */
export function sealWhereSaid(
  open: () => RequestSeal,
): (column: SealedColumn, value: unknown) => Uint8Array | null {
  let seal: RequestSeal | undefined;
  return (column, value) => {
    if (value === undefined) return null;
    seal ??= open();
    return seal.seal(column, value);
  };
}

export function missingMasterKey(ids: readonly string[]): MasterKeyError {
  return new MasterKeyError({
    code: "MASTER_KEY_WRONG",
    message: `This database was written with master key ${ids.join(", ")}, which is not loaded. Start with the master key it was made with; after a rotation, keep the old one among the previous master keys.`,
  });
}

function requestSeal(dataKey: Uint8Array, place: SealedPlace): RequestSeal {
  return {
    seal: (column, value) =>
      encrypt(dataKey, Buffer.from(JSON.stringify(value)), columnBinding(place, column)),
    open: (column, sealed) =>
      JSON.parse(decrypt(dataKey, sealed, columnBinding(place, column)).toString("utf8")),
  };
}

function columnBinding({ projectId, requestId }: SealedPlace, column: SealedColumn): Buffer {
  return Buffer.from(JSON.stringify(["holdpoint.sealed", VERSION, projectId, requestId, column]));
}

function keyBinding({ projectId, requestId }: SealedPlace, masterKeyId: string): Buffer {
  return Buffer.from(
    JSON.stringify(["holdpoint.data-key", VERSION, projectId, requestId, masterKeyId]),
  );
}

function secretBinding(place: readonly string[], masterKeyId: string): Buffer {
  return Buffer.from(JSON.stringify(["holdpoint.secret", VERSION, ...place, masterKeyId]));
}

function encrypt(key: Uint8Array, plaintext: Uint8Array, binding: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(binding);
  const body = cipher.update(plaintext);
  return Buffer.concat([Buffer.of(VERSION), nonce, body, cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Uint8Array, sealed: Uint8Array, binding: Uint8Array): Buffer {
  if (sealed[0] !== VERSION || sealed.length < 1 + NONCE_BYTES + TAG_BYTES) throw unreadable();
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const body = sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES);
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(binding)
      .setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause?: unknown): StoreError {
  return new StoreError({
    code: "SEALED_DATA_UNREADABLE",
    message:
      "Expected a value sealed for this place; it is damaged or was moved. Restore the database from a backup.",
    cause,
  });
}
