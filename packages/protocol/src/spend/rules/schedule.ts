import { openingAt } from "../schedule.js";
import { clockAt } from "../window.js";
import { fail, notSet, type PolicyRule, pass } from "./rule.js";

export const judgeSchedule: PolicyRule = ({ policy, instantMs }) => {
  const { openings, weekday, calendar } = policy.dayAt(instantMs);
  if (openings === undefined) return notSet("schedule");
  const now = `${weekday} ${clockAt(calendar, instantMs)} in ${policy.timezone}`;
  const opening = openingAt(openings, instantMs);
  if (opening !== undefined) return pass(`${now} is within ${opening.weekday} ${opening.window}`);
  const hours = openings.map((open) => `${open.weekday} ${open.window}`);
  return fail(`${now} is not within ${hours.join(", ") || "any hours of this day"}`);
};
