import { useParams, useSearch } from "@tanstack/react-router";
import { RequestPage } from "../requests/page.js";

export function RequestRoute() {
  const { requestId } = useParams({ from: "/shell/requests/$requestId" });
  const { edit = false } = useSearch({ from: "/shell/requests/$requestId" });
  return <RequestPage requestId={requestId} edit={edit} />;
}
