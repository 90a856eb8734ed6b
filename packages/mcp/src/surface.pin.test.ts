import { expect, test } from "vitest";
import * as surface from "./index.js";

test("the root entry exports exactly these values", () => {
  expect(Object.keys(surface).sort()).toMatchInlineSnapshot(`
    [
      "createHoldpointMcpServer",
    ]
  `);
});
