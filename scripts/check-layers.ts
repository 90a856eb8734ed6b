// Fails when an import or a global points the wrong way. The table is in layers.ts.
import { fileURLToPath } from "node:url";
import { checkLayers } from "./layers.js";

const violations = checkLayers(fileURLToPath(new URL("..", import.meta.url)));
for (const { file, line, message } of violations) console.error(`${file}:${line}  ${message}`);
if (violations.length > 0) {
  console.error(`\n${violations.length} arrows point the wrong way. The table: scripts/layers.ts`);
  process.exitCode = 1;
} else {
  console.log("All arrows point down.");
}
