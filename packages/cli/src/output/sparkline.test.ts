import { expect, test } from "vitest";
import { sparkline } from "./sparkline.js";

test.each([
  [[], ""],
  [[0, 0], "▁▁"],
  [[8, 4, 2, 1, 0], "█▅▃▂▁"],
  [[-1, 5], "▁█"],
  [[3.2], "█"],
])("%j is %j", (values, expected) => expect(sparkline(values)).toBe(expected));
