import { PRIORITIES, type WireRequest } from "@holdpoint/protocol";
import { PRIORITY_LEVELS } from "../requests/status.js";
import { spellName } from "../ui/visible-text.js";
import { type Gathering, oldestOf, type Watch } from "./watch.js";

/** More than a person reads one by one; an agent may make up any number of names. */
const MOST_NOTICES = 8;
/** Systems cut longer lines, and would cut what follows them. */
const NAME_LENGTH = 60;

/** What a notification says. Systems keep it: nothing here is of a payload. */
export interface Notice {
  readonly tag: string;
  readonly title: string;
  readonly body: string;
  /** Stays until somebody acts. */
  readonly isCritical: boolean;
  /** The groups it tells of. */
  readonly keys: readonly string[];
  readonly leadsTo: Place;
}

export type Place =
  | { readonly kind: "request"; readonly requestId: string }
  | { readonly kind: "group"; readonly key: string }
  | { readonly kind: "inbox" };

/**
 * One notice for each group that is told of, the one that matters most first; what is beyond
 * {@link MOST_NOTICES} shares the last.
 *
 * @param isAll - Whether `gatherings` hold all that waits; else counts are at least so many.
 */
export function noticesOf(
  { tags }: Watch,
  gatherings: readonly Gathering[],
  isAll: boolean,
): readonly Notice[] {
  const told = gatherings.flatMap((gathering) => {
    const tag = tags.get(gathering.key);
    return tag === undefined ? [] : [{ tag, gathering }];
  });
  const fits = told.length <= MOST_NOTICES;
  const own = told.slice(0, fits ? MOST_NOTICES : MOST_NOTICES - 1);
  const notices = own.map(({ tag, gathering }) => noticeOf(tag, gathering, isAll));
  const rest = told.slice(own.length).map(({ gathering }) => gathering);
  return fits ? notices : [...notices, noticeOfRest(rest, isAll)];
}

function noticeOf(tag: string, { key, requests }: Gathering, isAll: boolean): Notice {
  const [first, ...more] = requests;
  const name = `${nameText(first.service)} · ${nameText(first.action)}`;
  const since = sinceText(oldestOf(requests).created_at);
  const isOne = more.length === 0;
  return {
    tag,
    title: isOne && isAll ? name : `${countText(requests.length, isAll)} × ${name}`,
    body: [
      riskText(requests),
      nameText(first.agent.name),
      isOne ? `waits since ${since}` : `the oldest waits since ${since}`,
    ].join(" · "),
    isCritical: isCritical(first),
    keys: [key],
    leadsTo: isOne ? { kind: "request", requestId: first.id } : { kind: "group", key },
  };
}

function noticeOfRest(rest: readonly Gathering[], isAll: boolean): Notice {
  const requests = rest.flatMap(({ requests: each }) => each);
  return {
    tag: "the-rest",
    title: `${countText(requests.length, isAll)} more requests in ${rest.length} groups`,
    body: riskText(requests),
    isCritical: requests.some(isCritical),
    keys: rest.map(({ key }) => key),
    leadsTo: { kind: "inbox" },
  };
}

/** `up to critical priority, 2 unusual`. */
function riskText(requests: readonly WireRequest[]): string {
  const levels = requests.map(({ priority }) => PRIORITY_LEVELS[priority]);
  const highest = PRIORITIES.find((each) => PRIORITY_LEVELS[each] === Math.max(...levels));
  const unusual = requests.filter(({ shield }) => shield?.anomalous === true).length;
  const isOne = requests.length === 1;
  const priority = `${isOne ? "" : "up to "}${highest} priority`;
  if (unusual === 0) return priority;
  return `${priority}, ${isOne ? "unusual" : `${unusual} unusual`}`;
}

const isCritical = ({ priority }: WireRequest) => priority === "critical";

function countText(count: number, isAll: boolean): string {
  return `${count}${isAll ? "" : "+"}`;
}

const nameText = (name: string) => spellName(name, NAME_LENGTH);

const timeFormat = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

/** Local time. Not how long ago: nobody counts on while it lies there. */
function sinceText(iso: string): string {
  return timeFormat.format(new Date(iso));
}
