// @vitest-environment happy-dom
import type { WireRequest } from "@holdpoint/protocol";
import { importEnvelopeKey, sealEnvelope } from "@holdpoint/protocol/envelope";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  act,
  cleanup,
  configure,
  fireEvent,
  render,
  screen,
  waitFor,
} from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KeyRingProvider } from "../encryption/key-ring-context.js";
import { SessionContext } from "../session/session.js";
import { DecideDialog } from "./decide-dialog.js";

const keyText = "A".repeat(43);
const project = {
  id: "prj_01h455vb4pex5vsknk084sn02q",
  name: "Test",
  created_at: "",
  roles: ["approver"],
};
const operator = { id: "usr_1", email: "ada@example.com", name: "Ada" };
let requests: Map<string, WireRequest>;
/** Answers of `GET /v1/purchases/:id`. */
let purchases: Map<string, Response>;
let decisions: { id: string; body: unknown }[];
/** What becomes of requests by a decision. */
let answers: Map<string, Partial<WireRequest>>;

beforeEach(() => {
  requests = new Map();
  purchases = new Map();
  decisions = [];
  answers = new Map();
  sessionStorage.clear();
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const [, , noun, id, decision] = path.split("/");
    if (decision === "events") return unreachable();
    if (noun === "purchases") return purchases.get(id ?? "") ?? unreachable();
    const request = requests.get(id ?? "");
    if (decision === undefined) return new Response(JSON.stringify(request));
    decisions.push({ id: id ?? "", body: JSON.parse(String(init.body)) });
    return new Response(JSON.stringify({ ...request, ...answers.get(id ?? "") }));
  });
});
configure({ asyncUtilTimeout: 10_000 });
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function put(id: string, more: Partial<WireRequest> = {}): void {
  const base = { service: "bank", action: "pay", status: "PENDING", priority: "high", revision: 1 };
  const rest = { encrypted: false, payload: { amount: 5 }, agent: { id: "agt_1", name: "payer" } };
  answers.set(id, { status: "APPROVED" });
  requests.set(id, { ...base, ...rest, id, project_id: project.id, ...more } as WireRequest);
}

function unreachable(): never {
  throw new TypeError("Nobody is there.");
}

async function putSealed(id: string): Promise<void> {
  const key = await importEnvelopeKey(keyText);
  const binding = { projectId: project.id, requestId: id, field: "payload" } as const;
  put(id, { encrypted: true, payload: await sealEnvelope({ amount: 5 }, binding, key) });
}

function show(kind: "approve" | "reject", ids: readonly string[]) {
  const onClose = vi.fn();
  const onDecided = vi.fn();
  render(
    <QueryClientProvider
      client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}
    >
      <SessionContext value={{ operator, projects: [project], project, roles: project.roles }}>
        <KeyRingProvider>
          <DecideDialog kind={kind} requestIds={ids} onClose={onClose} onDecided={onDecided} />
        </KeyRingProvider>
      </SessionContext>
    </QueryClientProvider>,
  );
  return { onClose, onDecided };
}

/** What Enter does in the dialog. */
async function submit(): Promise<void> {
  await act(async () => fireEvent.submit(document.querySelector("form") as HTMLFormElement));
}

const confirm = (name: string) => screen.findByRole("button", { name });
const isReady = (button: HTMLElement) => button.getAttribute("aria-disabled") === "false";

describe("DecideDialog", () => {
  it("approves at the revision that was shown", async () => {
    put("req_1", { revision: 7 });
    const { onClose, onDecided } = show("approve", ["req_1"]);
    await waitFor(async () => expect(isReady(await confirm("Approve request"))).toBe(true));
    expect(screen.getByText("amount")).toBeDefined();
    await submit();
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(decisions).toEqual([{ id: "req_1", body: { decision: "approve", revision: 7 } }]);
    expect(onDecided).toHaveBeenCalledWith(["req_1"]);
  });

  it("approves nothing before it is shown", async () => {
    put("req_1");
    show("approve", ["req_1"]);
    await submit();
    expect(decisions).toEqual([]);
  });

  it("asks twice before approving what cannot be read", async () => {
    await putSealed("req_1");
    show("approve", ["req_1"]);
    const consent = await screen.findByLabelText(/without having seen/);
    await submit();
    expect(decisions).toEqual([]);
    fireEvent.click(consent);
    await submit();
    await waitFor(() => expect(decisions).toHaveLength(1));
  });

  it("never approves an encrypted request while it is still being opened", async () => {
    await putSealed("req_1");
    sessionStorage.setItem("holdpoint.encryptionKeys", JSON.stringify([keyText]));
    show("approve", ["req_1"]);
    await screen.findByText("bank");
    if (screen.queryByText("amount") === null) {
      await submit();
      expect(decisions).toEqual([]);
    }
    await screen.findByText("amount");
    await waitFor(async () => expect(isReady(await confirm("Approve request"))).toBe(true));
  });

  it("leaves out what this person may not decide", async () => {
    put("req_1");
    put("req_2", { role: "finance" });
    show("approve", ["req_1", "req_2"]);
    await screen.findByText("Only the roles finance and admin may decide.");
    await submit();
    await waitFor(() => expect(decisions.map(({ id }) => id)).toEqual(["req_1"]));
  });

  it("approves no purchase whose price cannot be seen", async () => {
    put("req_1", { service: "spend", action: "purchase" });
    show("approve", ["req_1"]);
    await screen.findByText("amount");
    await submit();
    expect(decisions).toEqual([]);
  });

  it("shows what a purchase costs, and to whom", async () => {
    put("req_1", { service: "spend", action: "purchase" });
    const amount = { amount_minor: 500, currency: "JPY" };
    const purchase = { amount, merchant_name: "Shop", category: "food", budget_remaining: null };
    purchases.set("req_1", new Response(JSON.stringify(purchase)));
    const { onClose } = show("approve", ["req_1"]);
    await waitFor(async () => expect(isReady(await confirm("Approve request"))).toBe(true));
    expect(screen.getByText(/500/)).toBeDefined();
    expect(screen.getByText("Shop")).toBeDefined();
    await submit();
    await waitFor(() => expect(onClose).toHaveBeenCalled());
  });

  it("approves no call of the gate whose plan cannot be seen", async () => {
    put("req_1", { service: "gate", action: "github-issue" });
    show("approve", ["req_1"]);
    await screen.findByText("amount");
    await submit();
    expect(decisions).toEqual([]);
  });

  it("keeps what more people have to approve in the list", async () => {
    put("req_1", { quorum: 2 });
    const approvals = [{ operator: { id: "usr_1", name: "Ada" }, at: new Date().toISOString() }];
    answers.set("req_1", { approvals });
    const { onClose, onDecided } = show("approve", ["req_1"]);
    await waitFor(async () => expect(isReady(await confirm("Approve request"))).toBe(true));
    await submit();
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(onDecided).not.toHaveBeenCalled();
  });

  it("sends the reason of a rejection", async () => {
    put("req_1");
    show("reject", ["req_1"]);
    fireEvent.click(screen.getByRole("button", { name: "Wrong target" }));
    await waitFor(async () => expect(isReady(await confirm("Reject request"))).toBe(true));
    await submit();
    const body = { decision: "reject", revision: 1, reason: "Wrong target" };
    await waitFor(() => expect(decisions).toEqual([{ id: "req_1", body }]));
  });
});
