import { useNavigate, useSearch } from "@tanstack/react-router";
import { PoliciesPage } from "../policies/page.js";

export function PoliciesRoute() {
  const suggested = useSearch({ from: "/shell/gate/policies" });
  const navigate = useNavigate({ from: "/policies" });
  return (
    <PoliciesPage
      key={JSON.stringify(suggested)}
      suggested={suggested}
      onEnforced={() => void navigate({ search: {}, replace: true })}
    />
  );
}
