import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useEffect, useState } from "react";
import { identityQuery } from "../session/queries.js";
import { type Connection, openLiveStream } from "./stream.js";

/** Events of one burst, such as a batch, cost one reload. */
const GATHER_MS = 120;

const ConnectionContext = createContext<Connection>("connecting");

export function useConnection(): Connection {
  return use(ConnectionContext);
}

/** Keeps everything about requests current for as long as it is shown. */
export function Live({ projectId, children }: { projectId: string; children: ReactNode }) {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>("connecting");

  useEffect(() => {
    let gathering: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      if (gathering !== undefined) return;
      gathering = setTimeout(() => {
        gathering = undefined;
        void client.invalidateQueries({ queryKey: ["requests", projectId] });
      }, GATHER_MS);
    };
    const close = openLiveStream({
      projectId,
      onEvent: refresh,
      onOpen: (resumed) => resumed && refresh(),
      onConnection: (next) => {
        setConnection(next);
        if (next === "signed-out") void client.invalidateQueries(identityQuery);
      },
    });
    return () => {
      clearTimeout(gathering);
      close();
    };
  }, [client, projectId]);

  return <ConnectionContext value={connection}>{children}</ConnectionContext>;
}
