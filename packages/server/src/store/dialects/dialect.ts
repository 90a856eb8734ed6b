import type {
  ColumnDataType,
  ColumnDefinitionBuilder,
  CreateTableBuilder,
  Expression,
  SelectQueryBuilder,
  SqlBool,
} from "kysely";

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
    /** A time of the sign-in tables, whose library chooses the form. */
    readonly date: ColumnDataType;
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
  /** Locks the rows read until the transaction ends; nothing where there is a single writer. */
  lockRows<DB, Table extends keyof DB, Row>(
    query: SelectQueryBuilder<DB, Table, Row>,
    others: "wait" | "skip",
  ): SelectQueryBuilder<DB, Table, Row>;
  /**
   * True where `column` contains `text`, which is no pattern. Letter case is ignored, at least for
   * ASCII.
   */
  contains(column: Expression<string | null>, text: string): Expression<SqlBool>;
}
