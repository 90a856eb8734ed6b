// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { isInnerPath, rememberReturnTo, takeReturnTo } from "./return-to.js";

beforeEach(() => localStorage.clear());

describe("isInnerPath", () => {
  it.each(["/requests/req_1?edit=true", "/history"])("takes %s", (path) => {
    expect(isInnerPath(path)).toBe(true);
  });

  it.each([
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "/sign-in",
    "",
    7,
    "/a\nb",
  ])("refuses %j", (path) => {
    expect(isInnerPath(path)).toBe(false);
  });
});

it("gives the destination back once", () => {
  rememberReturnTo("/requests/req_1", localStorage, 0);
  expect(takeReturnTo(localStorage, 60_000)).toBe("/requests/req_1");
  expect(takeReturnTo(localStorage, 60_000)).toBe("/");
});

it("forgets a destination of another errand", () => {
  rememberReturnTo("/requests/req_1", localStorage, 0);
  expect(takeReturnTo(localStorage, 3_600_000)).toBe("/");
});

it("survives what somebody else wrote there", () => {
  localStorage.setItem("holdpoint.returnTo", "not json");
  expect(takeReturnTo(localStorage, 0)).toBe("/");
  localStorage.setItem("holdpoint.returnTo", '{"path":"//evil.example","at":0}');
  expect(takeReturnTo(localStorage, 0)).toBe("/");
});
