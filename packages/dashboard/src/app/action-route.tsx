import { useParams } from "@tanstack/react-router";
import { ActionDetail } from "../actions/detail.js";

export function ActionRoute() {
  const { actionId } = useParams({ from: "/shell/gate/actions/$actionId" });
  return <ActionDetail key={actionId} actionId={actionId} />;
}
