import type { Database, Reader, Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import { prepareQuery } from "../prepared.js";
import type { MembershipRow, UserRow } from "../schema.js";
import type { Membership, Operator, OperatorStore } from "../store.js";
import { toProject } from "./projects.js";

export function createOperatorStore({ read, write, dialect }: Database): OperatorStore {
  // Every call of an operator asks these two.
  const find = prepareQuery(({ db }, operator: { readonly id: string }) =>
    db.selectFrom("user").selectAll().where("id", "=", operator.id),
  );
  const listMemberships = prepareQuery((reader, operator: { readonly id: string }) =>
    selectMemberships(reader)
      .innerJoin("projects", "projects.id", "memberships.project_id")
      .select(["projects.name as project_name", "projects.created_at as project_created_at"])
      .where("memberships.operator_id", "=", operator.id)
      .orderBy("projects.created_at")
      .orderBy("projects.id"),
  );

  return {
    invite: (projectId, operator, roles, at) =>
      write(async (transaction) => {
        const { id } = await ensureOperator(transaction, dialect, operator);
        await transaction.db
          .insertInto("memberships")
          .values({
            project_id: projectId,
            operator_id: id,
            roles: dialect.encodeJson(roles),
            created_at: at,
          })
          .onConflict((conflict) => conflict.columns(["project_id", "operator_id"]).doNothing())
          .execute();
        return (await loadMembership(transaction, dialect, projectId, id)) as Membership;
      }),
    ensure: (operator) => write((transaction) => ensureOperator(transaction, dialect, operator)),
    async find(operatorId) {
      const { rows } = await read((reader) => find(reader, { id: operatorId }));
      return rows[0] && toOperator(rows[0], dialect);
    },
    async list(projectId) {
      const rows = await read((reader) =>
        selectMemberships(reader)
          .where("memberships.project_id", "=", projectId)
          .orderBy("user.email")
          .execute(),
      );
      return rows.map((row) => toMembership(row, dialect));
    },
    async listMemberships(operatorId) {
      const { rows } = await read((reader) => listMemberships(reader, { id: operatorId }));
      return rows.map((row) => ({
        ...toMembership(row, dialect),
        project: toProject(
          { id: row.project_id, name: row.project_name, created_at: row.project_created_at },
          dialect,
        ),
      }));
    },
    changeRoles: (projectId, operatorId, roles) =>
      write(async (transaction) => {
        const standing = await lockMemberships(transaction, dialect, projectId);
        if (!standing.some((member) => member.operatorId === operatorId)) return undefined;
        if (!roles.includes("admin") && isLastAdmin(standing, operatorId)) return "last_admin";
        await transaction.db
          .updateTable("memberships")
          .set({ roles: dialect.encodeJson(roles) })
          .where("project_id", "=", projectId)
          .where("operator_id", "=", operatorId)
          .execute();
        return loadMembership(transaction, dialect, projectId, operatorId);
      }),
    remove: (projectId, operatorId, at) =>
      write(async (transaction) => {
        const standing = await lockMemberships(transaction, dialect, projectId);
        if (!standing.some((member) => member.operatorId === operatorId)) return undefined;
        if (isLastAdmin(standing, operatorId)) return "last_admin";
        await removeMembership(transaction, projectId, operatorId, at);
        return "removed";
      }),
  };
}

/** One operator per address. Addresses are kept in lower case, as the sign-in library looks them up. */
async function ensureOperator(
  { db }: Transaction,
  dialect: Dialect,
  operator: Operator,
): Promise<Operator> {
  const email = operator.email.trim().toLowerCase();
  const createdAt = dialect.encodeDate(operator.createdAt);
  await db
    .insertInto("user")
    .values({
      id: operator.id,
      email,
      name: operator.name,
      emailVerified: dialect.encodeBoolean(false),
      image: null,
      createdAt,
      updatedAt: createdAt,
    })
    .onConflict((conflict) => conflict.column("email").doNothing())
    .execute();
  const row = await db
    .selectFrom("user")
    .selectAll()
    .where("email", "=", email)
    .executeTakeFirstOrThrow();
  return toOperator(row, dialect);
}

interface Standing {
  readonly operatorId: string;
  readonly isAdmin: boolean;
}

/** Every member of a project, held until the transaction ends, so that two admins cannot both leave. */
async function lockMemberships(
  { db }: Transaction,
  dialect: Dialect,
  projectId: string,
): Promise<readonly Standing[]> {
  const members = db
    .selectFrom("memberships")
    .select(["operator_id", "roles"])
    .where("project_id", "=", projectId)
    .orderBy("operator_id");
  const rows = await dialect.lockRows(members, "wait").execute();
  return rows.map((row) => ({
    operatorId: row.operator_id,
    isAdmin: decodeRoles(row.roles, dialect).includes("admin"),
  }));
}

function isLastAdmin(standing: readonly Standing[], operatorId: string): boolean {
  const admins = standing.filter((member) => member.isAdmin);
  return admins.length === 1 && admins[0]?.operatorId === operatorId;
}

async function removeMembership(
  { db }: Transaction,
  projectId: string,
  operatorId: string,
  at: number,
): Promise<void> {
  await db
    .deleteFrom("memberships")
    .where("project_id", "=", projectId)
    .where("operator_id", "=", operatorId)
    .execute();
  await db
    .updateTable("operator_tokens")
    .set({ revoked_at: at })
    .where("project_id", "=", projectId)
    .where("operator_id", "=", operatorId)
    .where("revoked_at", "is", null)
    .execute();
}

type JoinedRow = MembershipRow & Pick<UserRow, "name" | "email" | "createdAt">;

function selectMemberships({ db }: Reader) {
  return db
    .selectFrom("memberships")
    .innerJoin("user", "user.id", "memberships.operator_id")
    .select([
      "memberships.project_id",
      "memberships.operator_id",
      "memberships.roles",
      "memberships.created_at",
      "user.name",
      "user.email",
      "user.createdAt",
    ]);
}

async function loadMembership(
  reader: Reader,
  dialect: Dialect,
  projectId: string,
  operatorId: string,
): Promise<Membership | undefined> {
  const row = await selectMemberships(reader)
    .where("memberships.project_id", "=", projectId)
    .where("memberships.operator_id", "=", operatorId)
    .executeTakeFirst();
  return row && toMembership(row, dialect);
}

function toMembership(row: JoinedRow, dialect: Dialect): Membership {
  return {
    operator: toOperator({ ...row, id: row.operator_id }, dialect),
    projectId: row.project_id,
    roles: decodeRoles(row.roles, dialect),
    createdAt: dialect.decodeInteger(row.created_at),
  };
}

function toOperator(
  row: Pick<UserRow, "id" | "name" | "email" | "createdAt">,
  dialect: Dialect,
): Operator {
  const { id, email, name } = row;
  return { id, email, name, createdAt: dialect.decodeDate(row.createdAt) };
}

function decodeRoles(stored: unknown, dialect: Dialect): readonly string[] {
  return dialect.decodeJson(stored) as readonly string[];
}
