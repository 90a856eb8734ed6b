import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { ShieldService } from "../shield/service-page.js";

export function ShieldServiceRoute() {
  const { service } = useParams({ from: "/shell/shield/$service" });
  const search = useSearch({ from: "/shell/shield/$service" });
  const navigate = useNavigate({ from: "/shield/$service" });
  return (
    <ShieldService
      key={JSON.stringify([service, search.environment])}
      service={service}
      search={search}
      onSearch={(next) => void navigate({ search: next, replace: true, resetScroll: false })}
    />
  );
}
