import { expect, it, vi } from "vitest";
import { takeSignInToken } from "./token.js";

function at(pathname: string, hash: string) {
  const history = { state: null, replaceState: vi.fn() };
  const token = takeSignInToken({ pathname, hash } as Location, history as unknown as History);
  return { token, history };
}

it("takes the token and clears it from the address", () => {
  const { token, history } = at("/sign-in", "#token=abc");
  expect(token).toBe("abc");
  expect(history.replaceState).toHaveBeenCalledWith(null, "", "/sign-in");
});

it("takes nothing elsewhere", () => {
  const { token, history } = at("/history", "#token=abc");
  expect(token).toBeUndefined();
  expect(history.replaceState).not.toHaveBeenCalled();
});

it("has no token when the link has none", () => {
  expect(at("/sign-in", "").token).toBeUndefined();
  expect(at("/sign-in", "#token=").token).toBeUndefined();
});
