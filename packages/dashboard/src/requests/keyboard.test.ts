// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { inboxCommand, type KeyPress, pageCommand } from "./keyboard.js";

function press(key: string, more: Partial<KeyPress> = {}): KeyPress {
  const none = { ctrlKey: false, metaKey: false, altKey: false, repeat: false };
  return { key, ...none, defaultPrevented: false, target: document.body, ...more };
}

function inside(html: string, selector: string): Element {
  document.body.innerHTML = html;
  return document.querySelector(selector) as Element;
}

describe("inboxCommand", () => {
  it.each([
    ["j", "next"],
    ["k", "previous"],
    ["a", "approve"],
    ["r", "reject"],
    ["e", "edit"],
    ["x", "select"],
    ["/", "search"],
    ["?", "help"],
    ["Escape", "clear"],
  ])("%s is %s", (key, command) => {
    expect(inboxCommand(press(key))).toBe(command);
  });

  it("leaves the browser its own keys", () => {
    expect(inboxCommand(press("a", { ctrlKey: true }))).toBeUndefined();
    expect(inboxCommand(press("r", { metaKey: true }))).toBeUndefined();
    expect(inboxCommand(press("Tab"))).toBeUndefined();
    expect(inboxCommand(press("constructor"))).toBeUndefined();
  });

  it("walks on while a key is held, and decides nothing", () => {
    expect(inboxCommand(press("j", { repeat: true }))).toBe("next");
    expect(inboxCommand(press("a", { repeat: true }))).toBeUndefined();
  });

  it("leaves keys to whoever is typing or answering a dialog", () => {
    const field = inside('<input type="search">', "input");
    expect(inboxCommand(press("a", { target: field }))).toBeUndefined();
    const button = inside("<dialog open><button>Go</button></dialog>", "button");
    expect(inboxCommand(press("a", { target: button }))).toBeUndefined();
  });

  it("works from a row's checkbox", () => {
    const box = inside('<input type="checkbox">', "input");
    expect(inboxCommand(press("a", { target: box }))).toBe("approve");
  });
});

describe("pageCommand", () => {
  it("knows the way back", () => {
    expect(pageCommand(press("u"))).toBe("back");
    expect(pageCommand(press("j"))).toBeUndefined();
    expect(pageCommand(press("a", { repeat: true }))).toBeUndefined();
  });
});
