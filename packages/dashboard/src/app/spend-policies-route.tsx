import { useNavigate, useSearch } from "@tanstack/react-router";
import { SpendPoliciesPage } from "../spend-policies/page.js";

export function SpendPoliciesRoute() {
  const { of = "project" } = useSearch({ from: "/shell/spend/policies" });
  const navigate = useNavigate({ from: "/spend/policies" });
  return (
    <SpendPoliciesPage
      holder={of}
      onHolder={(next) =>
        void navigate({ search: next === "project" ? {} : { of: next }, replace: true })
      }
    />
  );
}
