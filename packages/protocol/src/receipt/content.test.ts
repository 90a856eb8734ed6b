import { describe, expect, test } from "vitest";
import { canonicalJson } from "../json.js";
import {
  GATE_VERIFICATIONS,
  PROJECT_EVENT_TYPES,
  REQUEST_EVENT_TYPES,
  type WireProjectReceiptContent,
  type WireRequestReceiptContent,
} from "../wire.js";
import { isRequestReceipt, parseReceiptContent } from "./content.js";
import { compareSubject } from "./contents.js";
import { ReceiptError } from "./error.js";
import { approval, commit, digest, PROJECT, request } from "./fixtures/content.js";

const purchase = { amount_minor: 1_250, currency: "EUR", category: "software", payee: "Acme" };

const shield = {
  profile_id: "shp_01h5fskfsk4fpeqwnsyz5hj55t",
  mode: "enforce",
  anomalous: true,
  signals: ["path"],
  effect: "held",
  surprise_bits: 11.25,
  one_in: 180.5,
  explanation: "After read_logs, deploy has gone to apply_terraform 0 of 1,412 times.",
} as const;

function faultOf(content: unknown): string | undefined {
  try {
    parseReceiptContent(canonicalJson(content));
    return undefined;
  } catch (error) {
    return error instanceof ReceiptError ? `${error.code}: ${error.fault}` : `threw ${error}`;
  }
}

/** The receipt of an event, with the part that this event is about. */
function contentOf(type: WireRequestReceiptContent["type"]): WireRequestReceiptContent {
  const { execution, ...rest } = commit();
  return {
    ...rest,
    type,
    ...(type.startsWith("execution.") && execution && { execution }),
    ...(type.startsWith("purchase.") && { purchase }),
    ...(type.startsWith("shield.") && { shield }),
  };
}

describe("what a receipt is about", () => {
  test.each(REQUEST_EVENT_TYPES)("%s is understood, with its own part and no other", (type) => {
    const content = contentOf(type);
    expect(faultOf(content)).toBeUndefined();
    for (const part of ["execution", "purchase"] as const) {
      const { [part]: had, ...without } = content;
      const wrong =
        had === undefined ? { ...content, [part]: commit().execution ?? purchase } : without;
      expect(faultOf(wrong)).toBe("RECEIPT_MALFORMED: bad_content");
    }
  });

  test("one approval of several is no decision yet, and a receipt of its own", () => {
    const { approved_digest: _, ...open } = approval();
    const content = { ...open, type: "request.endorsed", status: "PENDING" };
    expect(parseReceiptContent(canonicalJson(content)).type).toBe("request.endorsed");
  });
});

describe("[G8] the purchase part", () => {
  const settled = contentOf("purchase.settled");

  test.each([
    [{ amount_minor: 0 }],
    [{ amount_minor: Number.MAX_SAFE_INTEGER }],
    [{ late: true }],
    [{ payee: undefined }],
  ])("takes %j", (change) => {
    const { payee, ...changed } = { ...purchase, ...change };
    const part = { ...changed, ...(payee !== undefined && { payee }) };
    expect(faultOf({ ...settled, purchase: part })).toBeUndefined();
  });

  test.each([
    [{ amount_minor: -1 }],
    [{ amount_minor: 12.5 }],
    [{ amount_minor: "1250" }],
    [{ amount_minor: 2 ** 53 }],
    [{ currency: "" }],
    [{ currency: 978 }],
    [{ category: "" }],
    [{ payee: "" }],
    [{ late: false }],
    [{ late: "true" }],
    [{ balance: 5 }],
  ])("refuses %j", (change) => {
    const part = { ...purchase, ...change };
    expect(faultOf({ ...settled, purchase: part })).toBe("RECEIPT_MALFORMED: bad_content");
  });

  test.each(["amount_minor", "currency", "category"] as const)("is nothing without %s", (name) => {
    const { [name]: _, ...part } = purchase;
    expect(faultOf({ ...settled, purchase: part })).toBe("RECEIPT_MALFORMED: bad_content");
  });

  test("of an event that is not known proves nothing", () => {
    expect(faultOf({ ...settled, type: "purchase.forgiven" })).toBe(
      "RECEIPT_MALFORMED: bad_content",
    );
  });
});

describe("[G7] the gate's part and the policy's", () => {
  const gate = {
    action_version: "1.0.0",
    action_digest: digest({ id: "github-issue" }),
    session_id: "gss_01h5fskfsk4fpeqwnsyz5hj55t",
    lease_id: "lse_01h5fskfsk4fpeqwnsyz5hj55t",
  };
  const policy = { revision: 3, verdict: "hold", policies: ["large"] };

  test.each(GATE_VERIFICATIONS)("are understood of a run whose effect is %s", (verification) => {
    const run = { ...commit(), policy, gate: { ...gate, verification } };
    expect(faultOf(run)).toBeUndefined();
    expect(faultOf({ ...run, gate: { ...gate, approved_by: approval().actor } })).toBeUndefined();
  });

  test.each([
    [{ gate: { ...gate, verification: "surely" } }],
    [{ gate: { ...gate, action_digest: "sha256:0" } }],
    [{ gate: { ...gate, session_id: gate.lease_id } }],
    [{ gate: { ...gate, approved_by: "usr_1" } }],
    [{ gate: { ...gate, more: 1 } }],
    [{ policy: { ...policy, verdict: "maybe" } }],
    [{ policy: { ...policy, revision: -1 } }],
    [{ policy: { ...policy, policies: "large" } }],
    [{ policy: { ...policy, policies: [""] } }],
  ])("refuse %j", (change) => {
    expect(faultOf({ ...commit(), ...change })).toBe("RECEIPT_MALFORMED: bad_content");
  });
});

describe("[P-SHIELD-EXPLAINS] the shield's part", () => {
  test("is understood, also of what is no anomaly and where too little is known to say how rare", () => {
    expect(faultOf({ ...commit(), shield })).toBeUndefined();
    const { one_in: _, ...known } = shield;
    const usual = { ...known, anomalous: false, signals: [], effect: "none", surprise_bits: 0 };
    expect(faultOf({ ...commit(), shield: usual })).toBeUndefined();
  });

  test.each([
    [{ profile_id: "prj_01h5fskfsk4fpeqwnsyz5hj55t" }],
    [{ mode: "on" }],
    [{ anomalous: "yes" }],
    [{ signals: ["mood"] }],
    [{ effect: "approved" }],
    [{ surprise_bits: -1 }],
    [{ surprise_bits: null }],
    [{ one_in: 0 }],
    [{ explanation: "" }],
    [{ path_bits: 11 }],
  ])("is refused with %j", (change) => {
    const content = { ...commit(), shield: { ...shield, ...change } };
    expect(faultOf(content)).toBe("RECEIPT_MALFORMED: bad_content");
  });

  test("is what an anomaly is told with", () => {
    const { shield: _, ...without } = contentOf("shield.anomaly");
    for (const content of [without, { ...without, shield: { ...shield, anomalous: false } }]) {
      expect(faultOf(content)).toBe("RECEIPT_MALFORMED: bad_content");
    }
  });
});

describe("[G7] what happens to a project", () => {
  const text = 'permit (principal, action == Action::"ask", resource);';
  const change: WireProjectReceiptContent = {
    version: 1,
    id: approval().id,
    type: "policy.changed",
    project_id: PROJECT,
    at: approval().at,
    actor: approval().actor,
    subject: { id: PROJECT, revision: 4, digest: digest(text) },
  };

  test.each(PROJECT_EVENT_TYPES)("%s is a receipt about no request", (type) => {
    const content = parseReceiptContent(canonicalJson({ ...change, type }));
    expect(isRequestReceipt(content)).toBe(false);
  });

  test.each([
    [{ type: "request.approved" }],
    [{ request_id: request.id }],
    [{ agent_id: "nobody" }],
    [{ subject: {} }],
    [{ subject: { id: "" } }],
    [{ subject: { ...change.subject, revision: 0 } }],
    [{ subject: { ...change.subject, digest: "4" } }],
    [{ subject: { ...change.subject, more: 1 } }],
  ])("refuses %j", (wrong) => {
    expect(faultOf({ ...change, ...wrong })).toBe("RECEIPT_MALFORMED: bad_content");
  });

  test("is compared with what was set", async () => {
    expect(await compareSubject(change, { set: text })).toEqual({
      compared: ["set"],
      notCompared: [],
    });
    expect(await compareSubject(change, {})).toEqual({ compared: [], notCompared: ["set"] });
  });

  test.each([
    ["set", { set: "permit (principal, action, resource);" }],
    ["request", { request: { id: request.id } }],
    ["execution", { execution: { id: "exe_01h5fskfsk4fpeqwnsyz5hj55t" } }],
  ] as const)("is held against another %s", async (field, subject) => {
    await expect(compareSubject(change, subject)).rejects.toMatchObject({
      code: "RECEIPT_DIGEST_WRONG",
      field,
    });
  });

  test("is not what a request's receipt is compared with", async () => {
    await expect(compareSubject(approval(), { set: text })).rejects.toMatchObject({ field: "set" });
  });

  test("that set nothing is not compared with anything", async () => {
    const { digest: _, ...subject } = change.subject;
    const freeze: WireProjectReceiptContent = { ...change, type: "authority.frozen", subject };
    expect(await compareSubject(freeze, {})).toEqual({ compared: [], notCompared: [] });
    await expect(compareSubject(freeze, { set: text })).rejects.toMatchObject({ field: "set" });
  });
});
