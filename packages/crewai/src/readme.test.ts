import { fileURLToPath } from "node:url";
import { createDocumentation, SLOW } from "@holdpoint/adapter-conformance/documentation";
import { expect, test } from "vitest";

const home = fileURLToPath(new URL("..", import.meta.url));
const documentation = await createDocumentation(home);
const blocks = await documentation.blocksOf(`${home}README.md`);
const [gate = "", ask = "", spend = "", act = "", again = ""] = blocks.filter((code) =>
  code.includes("import "),
);

test("a gated tool runs once it is approved", SLOW, async () => {
  expect(await documentation.play("gate.mts", `${gate}\nprocess.exit(0);`)).toBe("Sent 500.\n");
});

test("the model asks by itself", SLOW, async () => {
  const text = await documentation.play("ask.mts", `${ask}\nprocess.exit(0);`);
  expect(text).toBe(
    'APPROVED: bank / transfer may run once, with exactly this payload:\n{"amount":500}\n',
  );
});

test("the model asks for money", SLOW, async () => {
  const text = await documentation.play("spend.mts", `${spend}\nprocess.exit(0);`);
  expect(text).toMatch(/^WAIT: a person has to decide on 12\.50 EUR/);
});

test("the model uses actions of the gate", SLOW, async () => {
  const code = `${act}\nprocess.exit(0);`;
  const output = await documentation.play("act.mts", code, { TOOL: "open-ticket" });
  expect(output).toBe("[ 'leave-note', 'open-ticket' ]\n");
});

test("a crew is run again by a webhook that is signed", SLOW, async () => {
  const knock =
    'const forged = new Request("http://localhost/", { method: "POST", body: "{}" });\n' +
    "console.log((await POST(forged)).status);\nprocess.exit(0);";
  const transfer = gate.slice(gate.indexOf("const transfer"), gate.indexOf("const [gated]"));
  const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
  const code = `${again}\n${transfer}\n${knock}`;
  expect(await documentation.play("again.mts", code, { HOLDPOINT_WEBHOOK_SECRET: secret })).toBe(
    "401\n",
  );
});
