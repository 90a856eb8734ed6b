import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { testTerminal } from "../fixtures/terminal.js";
import { createProgress } from "./progress.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("says from time to time how far it is, to a person only", () => {
  const person = testTerminal({ directory: "/" });
  const script = testTerminal({ directory: "/", interactive: false });
  const progress = [person, script].map((terminal) => createProgress(terminal, "leaves"));
  for (let done = 1_000; done <= 5_000; done += 1_000) {
    vi.advanceTimersByTime(1_000);
    for (const report of progress) report(done, 5_000);
  }
  expect(person.notes).toEqual(["2,000 of 5,000 leaves …", "4,000 of 5,000 leaves …"]);
  expect([...person.printed, ...script.notes, ...script.printed]).toEqual([]);
});
