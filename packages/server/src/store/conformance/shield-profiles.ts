import { randomFillSync } from "node:crypto";
import { LIMITS, receiptIdOf, type ShieldMode } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import { beforeEach, expect, it } from "vitest";
import { digestTextOf } from "../../domain/digest.js";
import { DEFAULT_SHIELD_SETTINGS, type ShieldSettings } from "../../domain/shield/settings.js";
import type { Store } from "../store.js";
import type { ShieldChange } from "../verbs/shield.js";
import { createTenant, HOUR, NOW, type Tenant } from "./fixture.js";
import { contentOf, Watched } from "./shield-steps.js";

/** What is known of each service, how far it is trusted, and what is kept of it. */
export function testShieldProfiles(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  let watched: Watched;
  beforeEach(async () => {
    store = useStore();
    tenant = await createTenant(store);
    watched = await Watched.create(store, tenant);
  });

  const place = (service: string, environment = "") => ({
    projectId: tenant.projectId,
    service,
    environment,
  });
  const ensure = (service: string, environment = "") =>
    store.shield.ensureProfile(place(service, environment), typeidUnboxed("shp"), NOW);
  const change = (at = NOW): ShieldChange => {
    const { id, name } = tenant.admin;
    return { eventId: typeidUnboxed("evt"), at, actor: { type: "operator", id, name } };
  };
  const setMode = (from: ShieldMode, mode: ShieldMode, runs = 0, made = change()) =>
    store.shield.setMode(watched.profile.id, { ...made, from, mode, runs });
  const setSettings = (baseRevision: number, settings: ShieldSettings, made = change()) =>
    store.shield.setSettings(watched.profile.id, { ...made, baseRevision, settings });
  const receiptOf = (eventId: string) => contentOf(store, tenant.projectId, receiptIdOf(eventId));

  it("is made once for each place, in shadow", async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => ensure("deploy", "live")));
    const [first] = made;
    expect(first).toEqual({
      ...place("deploy", "live"),
      id: expect.stringMatching(/^shp_/),
      mode: "shadow",
      settings: DEFAULT_SHIELD_SETTINGS,
      settingsRevision: 0,
      createdAt: NOW,
      learningSinceRuns: 0,
      prunedSequence: 0,
    });
    expect(made).toEqual(Array(20).fill(first));
    expect(await store.shield.findProfile(place("deploy", "live"))).toEqual(first);
    expect(await store.shield.findProfile(place("deploy"))).toBeUndefined();
    const test = await ensure("deploy");
    expect(await store.shield.listProfiles(tenant.projectId)).toEqual([
      watched.profile,
      test,
      first,
    ]);
  });

  it("is each project's own", async () => {
    const other = await createTenant(store);
    const theirs = await Watched.create(store, other);
    expect(theirs.profile.id).not.toBe(watched.profile.id);
    expect(await store.shield.listProfiles(other.projectId)).toEqual([theirs.profile]);
  });

  it("[P-SHIELD-BOUNDED] is made for so many places only, of however many at once", async () => {
    const made: unknown[] = [];
    for (let count = 1; count < LIMITS.shieldProfiles - 5; count += 50) {
      const services = Array.from(
        { length: Math.min(50, LIMITS.shieldProfiles - 5 - count) },
        (_, index) => `service-${count + index}`,
      );
      made.push(...(await Promise.all(services.map((service) => ensure(service)))));
    }
    expect(made).not.toContain("too_many");
    const last = await Promise.all(
      Array.from({ length: 20 }, (_, index) => ensure(`last-${index}`)),
    );
    expect(last.filter((profile) => profile !== "too_many")).toHaveLength(5);
    expect(await store.shield.listProfiles(tenant.projectId)).toHaveLength(LIMITS.shieldProfiles);
    expect(await ensure("billing")).toEqual(watched.profile);
    expect(await ensure("one-more")).toBe("too_many");
  });

  it("[P-SHIELD-MODES] remembers what it was locked on, and since when it learns", async () => {
    const system = { ...change(NOW + 1), actor: { type: "system", id: "shield" } as const };
    expect(await setMode("shadow", "locked", 240, system)).toEqual({
      ...watched.profile,
      mode: "locked",
      lockedAtRuns: 240,
      changedAt: NOW + 1,
      changedBy: system.actor,
    });
    expect(await setMode("locked", "enforce", 260)).toMatchObject({
      mode: "enforce",
      lockedAtRuns: 240,
      learningSinceRuns: 0,
      changedBy: { type: "operator", id: tenant.admin.id },
    });
    expect(await setMode("enforce", "locked", 270)).toMatchObject({ lockedAtRuns: 240 });
    const again = await setMode("locked", "shadow", 280);
    expect(again).toMatchObject({ mode: "shadow", learningSinceRuns: 280 });
    expect(again).not.toHaveProperty("lockedAtRuns");
    expect(await setMode("shadow", "locked", 500)).toMatchObject({ lockedAtRuns: 500 });
  });

  it("[P-SHIELD-MODES] is changed by one of those who change it at once, with one receipt", async () => {
    const changes = Array.from({ length: 20 }, () => change());
    const answers = await Promise.all(
      changes.map((made, index) =>
        setMode("shadow", index % 2 === 0 ? "locked" : "enforce", 240, made),
      ),
    );
    const won = answers.flatMap((answer, index) => (answer === "lost" ? [] : index));
    expect(won).toHaveLength(1);
    const [index = 0] = won;
    const mode = index % 2 === 0 ? "locked" : "enforce";
    expect(await store.shield.findProfile(place("billing"))).toMatchObject({ mode });
    const receipts = await Promise.all(changes.map(({ eventId }) => receiptOf(eventId)));
    expect(receipts.filter((receipt) => receipt !== undefined)).toHaveLength(1);
    expect(receipts[index]).toMatchObject({
      type: "shield.changed",
      project_id: tenant.projectId,
      actor: { type: "operator", id: tenant.admin.id },
      subject: { id: watched.profile.id, digest: digestTextOf({ mode }) },
    });
  });

  it("is lost to who does not know its mode, and leaves no receipt", async () => {
    const made = change();
    expect(await setMode("locked", "enforce", 1, made)).toBe("lost");
    expect(await receiptOf(made.eventId)).toBeUndefined();
    expect(await store.shield.findProfile(place("billing"))).toEqual(watched.profile);
  });

  it("keeps its settings, with a receipt of what they are", async () => {
    const settings: ShieldSettings = {
      holdOneIn: 50,
      pauseAfter: 4,
      rules: {
        velocity: { maxPerMinute: 60 },
        loop: { maxRepeats: 5 },
        sensitive: { kinds: ["iban"] },
        runCost: { maxMinor: 1_000, currency: "EUR" },
      },
    };
    const made = change(NOW + 2);
    const changed = await setSettings(0, settings, made);
    expect(changed).toEqual({
      ...watched.profile,
      settings,
      settingsRevision: 1,
      changedAt: NOW + 2,
      changedBy: made.actor,
    });
    expect((await store.shield.readAfter(watched.profile.id, 0, 1)).profile).toEqual(changed);
    const terms = {
      hold_one_in: 50,
      pause_after: 4,
      rules: {
        velocity: { max_per_minute: 60 },
        loop: { max_repeats: 5 },
        sensitive: { kinds: ["iban"] },
        run_cost: { max_minor: 1_000, currency: "EUR" },
      },
    };
    expect(await receiptOf(made.eventId)).toMatchObject({
      type: "shield.changed",
      subject: { id: watched.profile.id, revision: 1, digest: digestTextOf({ settings: terms }) },
    });
  });

  it("keeps the settings of one of those who set them at once, revision by revision", async () => {
    const names = Array.from({ length: 10 }, (_, index) => index);
    const settingsOf = (base: number, name: number) => ({
      ...DEFAULT_SHIELD_SETTINGS,
      holdOneIn: 10 + base * names.length + name,
    });
    for (let base = 0; base < 5; base += 1) {
      const changes = names.map(() => change());
      const answers = await Promise.all(
        changes.map((made, index) => setSettings(base, settingsOf(base, index), made)),
      );
      const won = names.filter((index) => answers[index] !== "lost");
      expect(won).toHaveLength(1);
      const [index = 0] = won;
      const standing = await store.shield.findProfile(place("billing"));
      expect(standing).toEqual(answers[index]);
      expect(standing).toMatchObject({
        settings: settingsOf(base, index),
        settingsRevision: base + 1,
      });
      const receipts = await Promise.all(changes.map(({ eventId }) => receiptOf(eventId)));
      expect(receipts.filter((receipt) => receipt !== undefined)).toHaveLength(1);
      expect(receipts[index]).toMatchObject({ subject: { revision: base + 1 } });
    }
  });

  it("loses settings that were made from others, and leaves no receipt", async () => {
    const settings = { ...DEFAULT_SHIELD_SETTINGS, pauseAfter: 5 };
    const set = await setSettings(0, settings);
    for (const base of [0, 2]) {
      const made = change(NOW + 1);
      expect(await setSettings(base, DEFAULT_SHIELD_SETTINGS, made)).toBe("lost");
      expect(await receiptOf(made.eventId)).toBeUndefined();
    }
    expect(await store.shield.findProfile(place("billing"))).toEqual(set);
    // The mode is not one of them.
    expect(await setMode("shadow", "locked")).toMatchObject({ settings, settingsRevision: 1 });
  });

  it("keeps the latest snapshot, whoever comes late, however large it is", async () => {
    const { id } = watched.profile;
    const bytes = (fill: number) => randomFillSync(new Uint8Array(2_500_000 + fill));
    expect(await store.shield.loadSnapshot(id)).toBeUndefined();
    const made = [3, 9, 1, 7, 9].map((sequence) => ({ sequence, bytes: bytes(sequence) }));
    await Promise.all(made.map((one) => store.shield.saveSnapshot(id, one.sequence, one.bytes)));
    const kept = await store.shield.loadSnapshot(id);
    expect(kept?.sequence).toBe(9);
    const isKept = ({ bytes }: { readonly bytes?: Uint8Array } = {}) =>
      Buffer.compare(bytes ?? new Uint8Array(), kept?.bytes ?? new Uint8Array()) === 0;
    expect(made.filter(isKept).map(({ sequence }) => sequence)).toEqual([9]);
    await store.shield.saveSnapshot(id, 8, bytes(8));
    await store.shield.saveSnapshot(id, 9, new Uint8Array());
    expect(isKept(await store.shield.loadSnapshot(id))).toBe(true);
    await store.shield.saveSnapshot(id, 10, new Uint8Array());
    const empty = await store.shield.loadSnapshot(id);
    expect([empty?.sequence, empty?.bytes.length]).toEqual([10, 0]);
  });

  it("is found once it has grown by so many, until a snapshot has them", async () => {
    const { id } = watched.profile;
    const grown = async (minEntries: number) =>
      (await store.shield.listGrown(minEntries, 10_000))
        .filter(({ projectId }) => projectId === tenant.projectId)
        .map((profile) => profile.id);
    const beside = await Watched.create(store, tenant, "beside");
    expect(await grown(1)).toEqual([]);
    await store.shield.observe([watched.step(), watched.step(), watched.step(), beside.step()]);
    expect(await grown(4)).toEqual([]);
    expect(await grown(3)).toEqual([id]);
    expect((await grown(1)).toSorted()).toEqual([id, beside.profile.id].toSorted());
    const { entries } = await store.shield.readAfter(id, 0, 10);
    await store.shield.saveSnapshot(id, entries[1]?.sequence ?? 0, new Uint8Array(1));
    expect(await grown(2)).toEqual([]);
    // The longest without a snapshot come first.
    expect(await grown(1)).toEqual([beside.profile.id, id]);
    await store.shield.saveSnapshot(id, entries[2]?.sequence ?? 0, new Uint8Array(1));
    expect(await grown(1)).toEqual([beside.profile.id]);
  });

  it("forgets what came before a time, of all projects, where a snapshot has it", async () => {
    const before = NOW - 1_000 * HOUR;
    const old = { receivedAt: before - 1 };
    const stranger = await Watched.create(store, await createTenant(store));
    const unkept = await Watched.create(store, tenant, "unkept");
    const late = watched.step({ ...old, action: "late" });
    const young = watched.step({ receivedAt: before });
    await store.shield.observe([
      ...Array.from({ length: 5 }, () => watched.step({ ...old, runId: "old" })),
      young,
      stranger.step({ ...old, runId: "old" }),
      unkept.step(old),
    ]);
    for (const { profile } of [watched, stranger]) {
      const { entries } = await store.shield.readAfter(profile.id, 0, 10);
      const sequence = entries.at(-1)?.sequence ?? 0;
      await store.shield.saveSnapshot(profile.id, sequence, new Uint8Array(1));
    }
    await store.shield.observe([late]);
    const counts = await Promise.all(
      Array.from({ length: 4 }, async () => {
        let count = 0;
        for (let batch = -1; batch !== 0; count += Math.max(batch, 0)) {
          batch = await store.shield.prune(before, 2);
          expect(batch).toBeLessThanOrEqual(2);
        }
        return count;
      }),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(6);
    // Whoever has not come so far finds out that there is nothing any more to be read on from.
    const { profile, entries } = await store.shield.readAfter(watched.profile.id, 0, 1);
    const lastGone = profile.prunedSequence;
    expect(lastGone).toBeGreaterThan(0);
    expect(entries[0]?.sequence).toBeGreaterThan(lastGone);
    const { profile: kept } = await store.shield.readAfter(unkept.profile.id, 0, 1);
    expect(kept.prunedSequence).toBe(0);
    const idsOf = async (of: Watched) =>
      (
        await store.shield.listSteps(of.tenant.projectId, { limit: 10, profileId: of.profile.id })
      ).items.map(({ id }) => id);
    expect(await idsOf(watched)).toEqual([late.id, young.id]);
    expect(await idsOf(stranger)).toEqual([]);
    expect(await idsOf(unkept)).toHaveLength(1);
    const runsOf = async (of: Watched) =>
      (await store.shield.listRuns(of.profile.id, { limit: 10 })).items.map(({ runId }) => runId);
    expect(await runsOf(watched)).toEqual([undefined]);
    expect(await runsOf(stranger)).toEqual([]);
  });
}
