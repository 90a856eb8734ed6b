import { fail, notSet, type PolicyRule, pass } from "./rule.js";

export const judgeVelocity: PolicyRule = ({ policy, usage }) => {
  const { requests_per_minute, requests_per_hour } = policy.source;
  const counts = [
    { before: usage.lastMinute, limit: requests_per_minute, unit: "a minute" },
    { before: usage.lastHour, limit: requests_per_hour, unit: "an hour" },
  ].flatMap(({ limit, ...count }) => (limit === undefined ? [] : [{ ...count, limit }]));
  if (counts.length === 0) return notSet("limit on the number of purchases");
  const detail = counts
    .map(({ before, limit, unit }) => `${before} + 1 of ${limit} purchases ${unit}`)
    .join(", ");
  return counts.every(({ before, limit }) => before + 1 <= limit) ? pass(detail) : fail(detail);
};
