// Claude waits in this process until a person has decided.
import { runClaude } from "./claude.js";

await runClaude({ onPending: ({ url }) => console.log(url) });
