import type { Dialect } from "../dialects/dialect.js";
import type { RecordRow } from "../schema.js";
import type { SealedPlace, Vault } from "../sealing/vault.js";
import type { NewRecord, RecordOwner, StoredRecord } from "../verbs/records.js";

/** Rows of records and what they say. The value is sealed whether it is an envelope or not. */
export class RecordMapper {
  readonly #dialect: Dialect;
  readonly #vault: Vault;

  constructor(dialect: Dialect, vault: Vault) {
    this.#dialect = dialect;
    this.#vault = vault;
  }

  /** In the order of their keys, so that two who put the same wait for each other in one order. */
  toRows(
    owner: RecordOwner,
    records: readonly NewRecord[],
    at: number,
  ): { readonly absent: readonly RecordRow[]; readonly present: readonly RecordRow[] } {
    const sorted = records.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const rowsOf = (ifAbsent: boolean) =>
      sorted
        .filter((record) => record.ifAbsent === ifAbsent)
        .map((record) => this.#toRow(owner, record, at));
    return { absent: rowsOf(true), present: rowsOf(false) };
  }

  toRecord(row: RecordRow): StoredRecord {
    const { key, master_key_id: masterKeyId, data_key: wrapped, sealed_value: sealed } = row;
    const place = placeOf({ projectId: row.project_id, agentId: row.agent_id }, key);
    const seal = this.#vault.openSeal(place, { masterKeyId, wrapped });
    return {
      key,
      value: seal.open("record", sealed) as StoredRecord["value"],
      encrypted: this.#dialect.decodeBoolean(row.encrypted),
      updatedAt: this.#dialect.decodeInteger(row.updated_at),
    };
  }

  #toRow(owner: RecordOwner, { key, value, encrypted }: NewRecord, at: number): RecordRow {
    const { seal, key: dataKey } = this.#vault.createSeal(placeOf(owner, key));
    return {
      project_id: owner.projectId,
      agent_id: owner.agentId,
      key,
      updated_at: at,
      encrypted: this.#dialect.encodeBoolean(encrypted),
      bytes: Buffer.byteLength(JSON.stringify(value)),
      master_key_id: dataKey.masterKeyId,
      data_key: dataKey.wrapped,
      sealed_value: seal.seal("record", value),
    };
  }
}

/** An agent's id has no slash, so no two records share a place. */
function placeOf({ projectId, agentId }: RecordOwner, key: string): SealedPlace {
  return { projectId, requestId: `${agentId}/${key}` };
}
