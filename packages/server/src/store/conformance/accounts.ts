import { typeidUnboxed } from "typeid-js";
import { beforeAll, expect, it } from "vitest";
import type { Store } from "../store.js";
import { createTenant, HOUR, makeApiKey, makeOperator, NOW, type Tenant } from "./fixture.js";

/** Projects, agents, keys, operators and their tokens. */
export function testAccounts(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  beforeAll(async () => {
    store = useStore();
    tenant = await createTenant(store);
  });

  it("finds and counts projects", async () => {
    const before = await store.projects.count();
    const { projectId } = await createTenant(store, "Ops");
    expect(await store.projects.find(projectId)).toEqual({
      id: projectId,
      name: "Ops",
      createdAt: NOW,
    });
    expect(await store.projects.find(typeidUnboxed("prj"))).toBeUndefined();
    expect(await store.projects.count()).toBe(before + 1);
  });

  it("makes a project only with its admin", async () => {
    const project = { id: typeidUnboxed("prj"), name: "Orphan", createdAt: NOW };
    await expect(store.projects.create(project, typeidUnboxed("usr"))).rejects.toThrow();
    expect(await store.projects.find(project.id)).toBeUndefined();
  });

  it("finds an API key by hash alone, with its agent", async () => {
    const secretHash = typeidUnboxed("key");
    const key = { ...makeApiKey(tenant.projectId, secretHash), expiresAt: NOW + HOUR };
    const made = await store.apiKeys.create(key);
    expect(made).toEqual({
      id: key.id,
      projectId: tenant.projectId,
      agent: tenant.agent,
      hint: key.hint,
      scopes: ["requests:read", "requests:write"],
      createdAt: NOW,
      expiresAt: NOW + HOUR,
    });
    expect(await store.apiKeys.findByHash(secretHash)).toEqual(made);
    expect(await store.apiKeys.findByHash("missing")).toBeUndefined();
    expect(await store.apiKeys.list(tenant.projectId)).toContainEqual(made);
  });

  it("revokes a key once, in its own project only", async () => {
    const { id } = await store.apiKeys.create(
      makeApiKey(tenant.projectId, typeidUnboxed("key"), "brief-bot"),
    );
    const stranger = await createTenant(store);
    expect(await store.apiKeys.revoke(stranger.projectId, id, NOW)).toBeUndefined();
    expect(await store.apiKeys.revoke(tenant.projectId, id, NOW + 1)).toMatchObject({
      revokedAt: NOW + 1,
    });
    expect(await store.apiKeys.revoke(tenant.projectId, id, NOW + 2)).toMatchObject({
      revokedAt: NOW + 1,
    });
  });

  it("notes the last use of a key at most once a minute", async () => {
    const { keyHash } = await createTenant(store);
    const key = await store.apiKeys.findByHash(keyHash);
    for (const at of [NOW, NOW + 59_999]) await store.apiKeys.touch(key?.id ?? "", at);
    expect(await store.apiKeys.findByHash(keyHash)).toMatchObject({ lastUsedAt: NOW });
    await store.apiKeys.touch(key?.id ?? "", NOW + 60_000);
    expect(await store.apiKeys.findByHash(keyHash)).toMatchObject({ lastUsedAt: NOW + 60_000 });
  });

  it("lists the agents of one project", async () => {
    expect(await store.agents.list((await createTenant(store)).projectId)).toMatchObject([
      { name: "refund-bot", createdAt: NOW },
    ]);
  });

  it("knows one operator per address, whatever its letter case", async () => {
    const operator = makeOperator("Grace.Hopper@Example.com");
    const made = await store.operators.ensure(operator);
    expect(made).toEqual({ ...operator, email: "grace.hopper@example.com" });
    const again = makeOperator("grace.hopper@EXAMPLE.com");
    expect(await store.operators.ensure(again)).toEqual(made);
    const invited = await store.operators.invite(tenant.projectId, again, ["viewer"], NOW);
    expect(invited.operator).toEqual(made);
    expect(await store.operators.find(operator.id)).toEqual(made);
    expect(await store.operators.find(again.id)).toBeUndefined();
  });

  it("keeps roles per project", async () => {
    const { projectId } = await createTenant(store);
    const operator = makeOperator();
    await store.operators.invite(projectId, operator, ["viewer"], NOW);
    await store.operators.invite(tenant.projectId, operator, ["approver", "finance"], NOW + 1);
    const memberships = await store.operators.listMemberships(operator.id);
    expect(memberships.map(({ project, roles }) => [project.id, roles]).toSorted()).toEqual(
      [
        [projectId, ["viewer"]],
        [tenant.projectId, ["approver", "finance"]],
      ].toSorted(),
    );
    const members = await store.operators.list(projectId);
    expect(members.map(({ roles }) => roles).toSorted()).toEqual([["admin"], ["viewer"]]);
    const changed = await store.operators.changeRoles(projectId, operator.id, ["finance"]);
    expect(changed).toMatchObject({ roles: ["finance"], projectId });
  });

  it("leaves a member's roles alone when it is invited again", async () => {
    const { projectId, admin } = await createTenant(store);
    const again = await store.operators.invite(projectId, admin, ["viewer"], NOW + 1);
    expect(again).toMatchObject({ operator: admin, roles: ["admin"], createdAt: NOW });
  });

  it("refuses to leave a project without an admin", async () => {
    const { projectId, admin } = await createTenant(store);
    const { operators } = store;
    expect(await operators.changeRoles(projectId, admin.id, ["viewer"])).toBe("last_admin");
    expect(await operators.remove(projectId, admin.id, NOW)).toBe("last_admin");
    expect(await operators.changeRoles(projectId, typeidUnboxed("usr"), [])).toBeUndefined();
    expect(await operators.remove(projectId, typeidUnboxed("usr"), NOW)).toBeUndefined();
    const second = makeOperator();
    await operators.invite(projectId, second, ["admin"], NOW);
    expect(await operators.remove(projectId, admin.id, NOW)).toBe("removed");
    expect(await operators.listMemberships(admin.id)).toEqual([]);
  });

  it("keeps tokens to their operator and project, and revokes them with the membership", async () => {
    const { projectId } = tenant;
    const operator = makeOperator();
    await store.operators.invite(projectId, operator, ["approver"], NOW);
    const token = {
      id: typeidUnboxed("tok"),
      projectId,
      operatorId: operator.id,
      name: "laptop",
      hint: "hpo_abcdefgh",
      createdAt: NOW,
    };
    const secretHash = token.id;
    const { operatorTokens: tokens } = store;
    expect(await tokens.create({ ...token, secretHash })).toEqual(token);
    expect(await tokens.findByHash(secretHash)).toEqual(token);
    expect(await tokens.list(projectId, operator.id)).toEqual([token]);
    expect(await tokens.list(projectId, tenant.admin.id)).toEqual([]);
    expect(await tokens.revoke(projectId, tenant.admin.id, token.id, NOW)).toBeUndefined();
    await tokens.touch(token.id, NOW + 5);
    await store.operators.remove(projectId, operator.id, NOW + 9);
    const revoked = { ...token, lastUsedAt: NOW + 5, revokedAt: NOW + 9 };
    expect(await tokens.findByHash(secretHash)).toEqual(revoked);
    expect(await tokens.revoke(projectId, operator.id, token.id, NOW + 10)).toEqual(revoked);
  });
}
