import { afterEach, beforeEach, describe, expect, it, type Mock, vi } from "vitest";
import { type BoardOptions, createBoard } from "./board.js";
import type { Notice } from "./notices.js";

/** As browsers do it: one of a tag at a time, and the one replaced is told so late. */
class SystemNotification extends EventTarget {
  static shown: SystemNotification[] = [];
  readonly title: string;
  readonly tag: string | undefined;

  constructor(title: string, { tag }: NotificationOptions) {
    super();
    this.title = title;
    this.tag = tag;
    const replaced = SystemNotification.shown.find((each) => each.tag === tag);
    SystemNotification.shown = [...SystemNotification.shown.filter(isNot(replaced)), this];
    queueMicrotask(() => replaced?.dispatchEvent(new Event("close")));
  }

  close() {
    SystemNotification.shown = SystemNotification.shown.filter(isNot(this));
    this.dispatchEvent(new Event("close"));
  }
}
const isNot = (one: SystemNotification | undefined) => (other: SystemNotification) => other !== one;

function notice(tag: string, title = tag): Notice {
  const leadsTo = { kind: "request", requestId: tag } as const;
  return { tag, title, body: "", isCritical: false, keys: [tag], leadsTo };
}
const titles = () => SystemNotification.shown.map(({ title }) => title);
const find = (tag: string) => SystemNotification.shown.find((each) => each.tag === tag);

describe("the board", () => {
  let options: { readonly [Name in keyof BoardOptions]: Mock<BoardOptions[Name]> };
  beforeEach(() => {
    vi.stubGlobal("Notification", SystemNotification);
    vi.stubGlobal("window", { focus: vi.fn() });
    SystemNotification.shown = [];
    options = { onOpen: vi.fn(), onDismiss: vi.fn(), onRefusal: vi.fn() };
  });
  afterEach(() => vi.unstubAllGlobals());

  it("posts in order, replaces what reads otherwise alone, and takes down what is over", async () => {
    const board = createBoard(options);
    board.show([notice("a"), notice("b")]);
    const [first, second] = SystemNotification.shown;
    board.show([notice("a"), notice("b", "2 × b")]);
    expect(titles()).toEqual(["a", "2 × b"]);
    expect(find("a")).toBe(first);
    expect(find("b")).not.toBe(second);
    board.show([notice("a")]);
    expect(titles()).toEqual(["a"]);
    board.show([]);
    expect(titles()).toEqual([]);
    await Promise.resolve();
    expect(options.onDismiss).not.toHaveBeenCalled();
  });

  it("says what a person has put away", () => {
    const board = createBoard(options);
    board.show([notice("a"), notice("b")]);
    find("a")?.close();
    expect(options.onDismiss.mock.calls).toEqual([[notice("a")]]);
  });

  it("leads to what it speaks of now, and is gone then", () => {
    const board = createBoard(options);
    board.show([notice("a")]);
    const leadsTo = { kind: "inbox" } as const;
    board.show([{ ...notice("a"), leadsTo }]);
    find("a")?.dispatchEvent(new Event("click"));
    expect(window.focus).toHaveBeenCalledOnce();
    expect(options.onOpen.mock.calls).toEqual([[leadsTo]]);
    expect(titles()).toEqual([]);
  });

  it("says that the browser makes none", () => {
    vi.stubGlobal("Notification", () => {
      throw new TypeError("Illegal constructor");
    });
    createBoard(options).show([notice("a")]);
    expect(options.onRefusal).toHaveBeenCalledOnce();
  });
});
