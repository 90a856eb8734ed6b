import type {
  ColumnDataType,
  ColumnDefinitionBuilder,
  CreateTableBuilder,
  Expression,
  Kysely,
  RawBuilder,
  SelectQueryBuilder,
  SqlBool,
} from "kysely";
import type { Schema } from "../schema.js";

/**
 * What differs between databases, as data and small functions. Queries and migrations are written
 * once against this; a database is added by a folder here and by nothing else.
 */
export interface Dialect {
  /** The column type that holds each kind of value. Text and 32-bit integers are the same in all. */
  readonly columns: {
    /** Integers up to 2^53, and times as milliseconds since the epoch. */
    readonly bigInteger: ColumnDataType;
    readonly boolean: ColumnDataType;
    readonly bytes: ColumnDataType;
    /** Text compared and ordered by its bytes as UTF-8. */
    readonly bytewiseText: ColumnDataType | RawBuilder<unknown>;
    /** A time of the sign-in tables, whose library chooses the form. */
    readonly date: ColumnDataType;
    /** Any finite number, exactly as it is. */
    readonly double: ColumnDataType;
    readonly json: ColumnDataType;
    /** Counts up by itself in the order of inserts, with {@link Dialect.finishSequence}. */
    readonly sequence: ColumnDataType;
  };
  finishSequence(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder;
  /** Adds what makes the database check column types. */
  finishTable<Table extends string>(
    table: CreateTableBuilder<Table, string>,
  ): CreateTableBuilder<Table, string>;
  encodeBoolean(value: boolean): unknown;
  decodeBoolean(stored: unknown): boolean;
  encodeDate(timeMs: number): unknown;
  decodeDate(stored: unknown): number;
  encodeJson(value: unknown): unknown;
  decodeJson(stored: unknown): unknown;
  /** Integers of 64 bits, which some drivers give as text. */
  decodeInteger(stored: unknown): number;
  /**
   * Locks the rows read until the transaction ends; nothing where there is a single writer. To lease
   * some of them put the query before the `update`, by `with`: PostgreSQL may run a subquery of the
   * condition several times, and take other rows each time.
   */
  lockRows<DB, Table extends keyof DB, Row>(
    query: SelectQueryBuilder<DB, Table, Row>,
    others: "wait" | "skip",
  ): SelectQueryBuilder<DB, Table, Row>;
  /** Keeps other writers out of a table until the transaction ends. */
  lockTable(db: Kysely<Schema>, table: keyof Schema): Promise<void>;
  /**
   * Until the transaction ends, keeps out whoever names the same: `alone` everybody, `shared` those
   * who want to be alone; nothing where there is a single writer.
   */
  lockName(db: Kysely<Schema>, name: string, mode: "shared" | "alone"): Promise<void>;
  /**
   * Makes the database number events in the order of their commits, and tell every control plane
   * on it of changes; nothing where there is one writer in one process.
   */
  shareChanges(db: Kysely<unknown>): Promise<void>;
  /**
   * Makes the database number the rows of this table, too, in the order of their commits; nothing
   * where there is one writer. To hold the lock for a moment only, they are left to the end of the
   * transaction.
   */
  orderInserts(db: Kysely<unknown>, table: string): Promise<void>;
  /**
   * Makes the database tell every control plane when a credential may have lost its power by a
   * statement on this table; nothing where there is one process.
   *
   * @param change - The kind of statement, as triggers name it: `update of revoked_at`.
   */
  announceLosses(db: Kysely<unknown>, table: string, change: string): Promise<void>;
  /**
   * True where `column` contains `text`, which is no pattern. Letter case is ignored, at least for
   * ASCII.
   */
  contains(column: Expression<string | null>, text: string): Expression<SqlBool>;
}
