import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { createNotes } from "./upstream.js";

serveStdio(() => createNotes());
