import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useEffect, useState } from "react";
import { identityQuery } from "../session/queries.js";
import { createReloader } from "./reloader.js";
import { type Connection, openLiveStream } from "./stream.js";

const ConnectionContext = createContext<Connection>("connecting");

export function useConnection(): Connection {
  return use(ConnectionContext);
}

/** Keeps everything about requests current for as long as it is shown. */
export function Live({ projectId, children }: { projectId: string; children: ReactNode }) {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>("connecting");

  useEffect(() => {
    const reloader = createReloader(() =>
      client.invalidateQueries({ queryKey: ["requests", projectId] }),
    );
    const close = openLiveStream({
      projectId,
      onEvent: reloader.tell,
      onOpen: (resumed) => resumed && reloader.tell(),
      onConnection: (next) => {
        setConnection(next);
        if (next === "signed-out") void client.invalidateQueries(identityQuery);
      },
    });
    return () => {
      reloader.stop();
      close();
    };
  }, [client, projectId]);

  return <ConnectionContext value={connection}>{children}</ConnectionContext>;
}
