import { useNavigate, useSearch } from "@tanstack/react-router";
import { PurchasesPage } from "../purchases/page.js";

export function PurchasesRoute() {
  const filters = useSearch({ from: "/shell/spend/purchases" });
  const navigate = useNavigate({ from: "/spend/purchases" });
  return (
    <PurchasesPage
      filters={filters}
      onFilters={(search) => void navigate({ search, replace: true })}
    />
  );
}
