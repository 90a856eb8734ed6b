import { useNavigate, useSearch } from "@tanstack/react-router";
import { History } from "../requests/history.js";

export function HistoryRoute() {
  const filters = useSearch({ from: "/shell/history" });
  const navigate = useNavigate({ from: "/history" });
  return (
    <History filters={filters} onFilters={(search) => void navigate({ search, replace: true })} />
  );
}
