import fc from "fast-check";
import { typeidUnboxed } from "typeid-js";
import { describe, expect, test } from "vitest";
import { ID_PREFIXES, type IdKind, isId } from "./id.js";

const kinds = Object.keys(ID_PREFIXES) as IdKind[];

describe("isId", () => {
  test.each(kinds)("takes a fresh %s id and no other kind's", (kind) => {
    const id = typeidUnboxed(ID_PREFIXES[kind]);
    expect(kinds.filter((other) => isId(other, id))).toEqual([kind]);
  });

  test.each([
    ["upper case", "req_01H455VB4PEX5VSKNK084SN02Q"],
    ["an upper-case prefix", "REQ_01h455vb4pex5vsknk084sn02q"],
    ["a suffix beyond 128 bits", "req_81h455vb4pex5vsknk084sn02q"],
    ["a letter outside the alphabet", "req_01h455vb4pex5vsknk084sn02u"],
    ["a letter that Crockford reads as a digit", "req_o1h455vb4pex5vsknk084sn02q"],
    ["25 characters", "req_01h455vb4pex5vsknk084sn02"],
    ["27 characters", "req_01h455vb4pex5vsknk084sn02qq"],
    ["a line break", "req_01h455vb4pex5vsknk084sn02q\n"],
    ["a space", " req_01h455vb4pex5vsknk084sn02q"],
    ["a longer prefix", "req_x_01h455vb4pex5vsknk084sn02q"],
    ["no prefix", "01h455vb4pex5vsknk084sn02q"],
    ["no suffix", "req_"],
    ["nothing", ""],
    ["a path", "req_../../../etc/passwd"],
  ])("refuses %s", (_name, value) => {
    expect(isId("request", value)).toBe(false);
  });

  test("never throws", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(isId("request", value)).toBe(false);
      }),
    );
  });
});
