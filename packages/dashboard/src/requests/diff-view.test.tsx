// @vitest-environment happy-dom
import { diffPayload } from "@holdpoint/protocol";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { DiffView } from "./diff-view.js";

afterEach(cleanup);

it("shows path, what was and what will be", () => {
  const { changes } = diffPayload({ amount: 500, force: true }, { amount: 50, note: "ok" });
  render(<DiffView changes={changes} label="Your changes" />);
  const lines = screen.getAllByRole("listitem").map((item) => item.textContent);
  expect(lines).toEqual(["/amount-was 500+will be 50", "/force-was true", '/note+will be "ok"']);
});

it("shows characters one cannot see", () => {
  const { changes } = diffPayload({ to: "bob" }, { to: "bob\u202e" });
  render(<DiffView changes={changes} label="Your changes" />);
  expect(screen.getByText("U+202E")).toBeDefined();
});
