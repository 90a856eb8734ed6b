import { useQuery } from "@tanstack/react-query";
import { Snowflake } from "lucide-react";
import { useState } from "react";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { AuthorityDialog } from "./authority-dialog.js";
import { authorityQuery } from "./queries.js";

/** Stops everything at once. Any member may; while it is frozen the banner says so instead. */
export function FreezeButton() {
  const { project } = useSession();
  const { data: authority } = useQuery(authorityQuery(project.id));
  const [freezing, setFreezing] = useState(false);
  if (authority?.frozen) return null;
  return (
    <>
      <Button look="stop" onClick={() => setFreezing(true)}>
        <Snowflake size={16} aria-hidden />
        Freeze everything…
      </Button>
      {freezing && <AuthorityDialog act="freeze" onClose={() => setFreezing(false)} />}
    </>
  );
}
