import type { ShieldProfile } from "../../domain/shield/profile.js";
import { createProfile, decodeProfile } from "../../domain/shield/profile.js";
import { describeError, type Logger } from "../../http/log.js";
import type { ShieldStore, StoredShieldProfile } from "../../store/verbs/shield.js";

/** Profiles held at once, whatever their size. */
const MAX_HELD = 500;
/** Transitions of all that are held: some 500 MB. The one in use is held however large it is. */
const MAX_TRANSITIONS = 2_000_000;
/** Entries read at once. */
const PAGE_SIZE = 1_000;

/** A profile as the log makes it, and as it is set up. */
export interface CaughtUp {
  readonly stored: StoredShieldProfile;
  readonly profile: ShieldProfile;
}

/** The profiles in memory. Each is a fold over its log, which any process can make again. */
export interface Profiles {
  /** The profile with everything that was logged before this was called. */
  catchUp(profileId: string): Promise<CaughtUp>;
  /** Keeps a snapshot of one that is held and has at least `minEntries` that none holds. */
  save(profileId: string, minEntries: number): Promise<void>;
  /** Notes that something is measured against it, and logged after. */
  use(profileId: string): void;
  /** The ids of those that were used since this was last called. */
  takeUsed(): readonly string[];
  /** Calls `listener` whenever one is used. */
  whenUsed(listener: () => void): void;
  heldIds(): readonly string[];
}

interface Held {
  readonly profile: ShieldProfile;
  /** Entries folded in that no snapshot holds. */
  unsaved: number;
  transitions: number;
}

/** What is under way for one profile, and what follows it. */
interface Work {
  readonly running: Promise<CaughtUp>;
  following?: Promise<CaughtUp>;
}

export function createProfiles(parts: {
  readonly store: ShieldStore;
  readonly log: Logger;
  /** Told how many are held, whenever that changes. */
  readonly onHeld: (count: number) => void;
}): Profiles {
  const { store, log, onHeld } = parts;
  /** The least recently used first. */
  const held = new Map<string, Held>();
  /** Of all that are held. */
  let transitions = 0;
  const works = new Map<string, Work>();
  let used = new Set<string>();
  let tellUse = () => {};

  async function bringUp(profileId: string): Promise<CaughtUp> {
    let one = held.get(profileId) ?? (await load(profileId));
    try {
      const from = one.profile.sequence;
      let stored = await follow(profileId, one);
      if (stored.prunedSequence > from) {
        // What came in between may be deleted since: then only the snapshot has it.
        one = await load(profileId);
        stored = await follow(profileId, one);
      }
      keep(profileId, one);
      return { stored, profile: one.profile };
    } catch (error) {
      // It may have been folded half-way. Whoever comes next begins anew.
      drop(profileId);
      onHeld(held.size);
      throw error;
    }
  }

  /** What the snapshot holds; nothing, so that the log is folded from its start, where there is none. */
  async function load(profileId: string): Promise<Held> {
    const snapshot = await store.loadSnapshot(profileId);
    const profile = snapshot && decode(profileId, snapshot.bytes);
    return { profile: profile ?? createProfile(), unsaved: 0, transitions: 0 };
  }

  function decode(profileId: string, bytes: Uint8Array): ShieldProfile | undefined {
    try {
      return decodeProfile(bytes);
    } catch (error) {
      log.warn(
        { profile_id: profileId, err: describeError(error) },
        "the snapshot of a shield profile cannot be read: what the log still has is folded instead",
      );
      return undefined;
    }
  }

  async function follow(profileId: string, one: Held): Promise<StoredShieldProfile> {
    const { profile } = one;
    for (;;) {
      const page = await store.readAfter(profileId, profile.sequence, PAGE_SIZE);
      for (const entry of page.entries) profile.apply(entry);
      one.unsaved += page.entries.length;
      if (page.entries.length < PAGE_SIZE) return page.profile;
    }
  }

  /** Makes it the one used last, and makes room. */
  function keep(profileId: string, one: Held): void {
    drop(profileId);
    one.transitions = one.profile.transitions;
    transitions += one.transitions;
    held.set(profileId, one);
    for (const id of held.keys()) {
      const fits = held.size <= MAX_HELD && transitions <= MAX_TRANSITIONS;
      if (fits || held.size === 1) break;
      drop(id);
    }
    onHeld(held.size);
  }

  function drop(profileId: string): void {
    transitions -= held.get(profileId)?.transitions ?? 0;
    held.delete(profileId);
  }

  /** What is under way may have read before the last commit, so it is followed by another run. */
  function share(profileId: string): Promise<CaughtUp> {
    const work = works.get(profileId);
    if (work === undefined) return begin(profileId);
    work.following ??= work.running.catch(() => {}).then(() => begin(profileId));
    return work.following;
  }

  function begin(profileId: string): Promise<CaughtUp> {
    const work: Work = { running: bringUp(profileId) };
    works.set(profileId, work);
    const end = () => {
      if (works.get(profileId) === work && work.following === undefined) works.delete(profileId);
    };
    work.running.then(end, end);
    return work.running;
  }

  return {
    catchUp: share,
    async save(profileId, minEntries) {
      const one = held.get(profileId);
      if (one === undefined || one.unsaved < minEntries) return;
      const { profile, unsaved } = one;
      await store.saveSnapshot(profileId, profile.sequence, profile.encode());
      one.unsaved -= unsaved;
    },
    use(profileId) {
      used.add(profileId);
      tellUse();
    },
    whenUsed(listener) {
      tellUse = listener;
    },
    takeUsed() {
      const taken = [...used];
      used = new Set();
      return taken;
    },
    heldIds: () => [...held.keys()],
  };
}
