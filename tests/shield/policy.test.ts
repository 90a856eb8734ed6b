import { expect, test } from "vitest";
import { serveControlPlane } from "../harness/control-plane.js";
import { readPage } from "../harness/pages.js";
import { expectAnswer, jump, lockBaseline, readRequest } from "../harness/shield.js";

const guide = await readPage("docs/guides/shield.md");

test("[P-SHIELD-TIGHTENS] the guide's policy sends what is unusual to a role, before anybody enforces", async () => {
  await using holdpoint = await serveControlPlane();
  const hp = holdpoint.client();
  const text = guide
    .blocks("cedar")
    .join("\n")
    .replaceAll("deploy/apply_terraform", "deploy/apply");
  const body = JSON.stringify({ text, base_revision: 0 });
  await expectAnswer(holdpoint, "/v1/policies", { method: "PUT", body });
  const early = await readRequest(holdpoint, await jump(hp, "early"));
  expect(early).toMatchObject({ status: "APPROVED", policy: { policies: ["changes"] } });

  await lockBaseline(holdpoint, hp);
  const unusual = { service: "deploy", runId: "late", action: "apply", payload: { all: true } };
  const { id } = await hp.defer(unusual);
  expect(await readRequest(holdpoint, id)).toMatchObject({
    status: "PENDING",
    role: "sre",
    policy: { verdict: "hold", policies: ["unusual-changes"] },
    shield: { mode: "locked", effect: "warned" },
  });
});
