import { expect, test } from "vitest";
import { startSeller } from "../../examples/x402/market/seller.js";
import { readPage } from "../harness/pages.js";
import { startProgram } from "../harness/program.js";
import { openBuyer, openMarket } from "./world.js";

test("[P-X402] the guide's programs do what they say, under the guide's policy", async () => {
  const page = await readPage("docs/guides/x402.md");
  const program = page.blocks("ts").join("\n");
  await using market = await openMarket();
  await using buyer = await openBuyer(market);
  await using seller = await startSeller({
    facilitatorUrl: market.facilitatorUrl,
    payTo: buyer.payTo,
    prices: { weather: "$0.10", atlas: "$2.50" },
  });
  const { policy } = JSON.parse(page.blocks("json")[0] as string);
  await buyer.treasurer.setPolicy(policy);
  const environment = {
    HOLDPOINT_URL: buyer.holdpoint.url,
    HOLDPOINT_API_KEY: buyer.holdpoint.apiKey,
    WALLET_KEY: buyer.privateKey,
    REPORT_URL: `${seller.url}/reports/weather`,
    ATLAS_URL: `${seller.url}/reports/atlas`,
  };

  await using first = await startProgram("x402-guide", program, environment);
  expect(await first.nextLine()).toBe("{ report: 'weather' }");
  const [, id] = /^decide at .*(req_\w+)$/.exec(await first.nextLine()) ?? [];
  expect(await first.ended).toBe(0);
  await buyer.treasurer.approve(id as string);

  await using second = await startProgram("x402-guide", program, environment);
  expect(await second.nextLine()).toBe("{ report: 'weather' }");
  expect(await second.nextLine()).toBe("200");
  expect(await second.ended).toBe(0);
  expect(await buyer.paid()).toBe(2_700_000n);
});
