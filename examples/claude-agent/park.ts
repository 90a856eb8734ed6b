// Process A: the session ends while a person has to decide, and so does the process.
import { runClaude } from "./claude.js";

let url = "";
const result = await runClaude({
  whilePending: "defer",
  onPending: (pending) => {
    url = pending.url;
  },
});
console.log(`session ${result?.session_id} has ended: ${result?.terminal_reason}`);
console.log(url);
