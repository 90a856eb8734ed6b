import { ask, fail, type PolicyRule, pass } from "./rule.js";

export const judgeCategory: PolicyRule = ({ purchase: { category }, policy }) => {
  const { categories, allowedCategories, blockedCategories, source } = policy;
  if (allowedCategories?.has(category) === false) {
    return fail(`${category} is none of the allowed categories.`);
  }
  if (blockedCategories?.has(category)) return fail(`${category} is a blocked category.`);
  if (categories.has(category)) return pass(`${category} is a category that may be bought.`);
  const detail = `${category} is no category of the policy`;
  return source.unknown_category === "reject"
    ? fail(`${detail}.`)
    : ask(`${detail}: a person decides.`);
};
