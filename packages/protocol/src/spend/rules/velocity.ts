import { fail, notSet, type PolicyRule, pass } from "./rule.js";

export const judgeVelocity: PolicyRule = ({ policy, usage }) => {
  const { requests_per_minute: perMinute, requests_per_hour: perHour } = policy.source;
  if (perMinute === undefined && perHour === undefined) {
    return notSet("limit on the number of purchases");
  }
  const detail = [
    perMinute === undefined ? "" : `${usage.lastMinute} + 1 of ${perMinute} in 60 seconds`,
    perHour === undefined ? "" : `${usage.lastHour} + 1 of ${perHour} in 60 minutes`,
  ];
  const fits =
    usage.lastMinute + 1 <= (perMinute ?? Number.POSITIVE_INFINITY) &&
    usage.lastHour + 1 <= (perHour ?? Number.POSITIVE_INFINITY);
  const text = detail.filter((part) => part !== "").join(", ");
  return fits ? pass(text) : fail(text);
};
