/** Screenshots of the page on what `npm start` runs, as the README and docs/ show them: `npm run test:console -- --only pictures`. */
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import { serveConsole } from "../../local/console/serve.ts";
import type { LivePlatform } from "../../local/platform/live-platform.ts";
import { labAccount, send, startIn, temporaryFolder, until } from "../local/platform/live-world.ts";
import { openBrowser, visit } from "./browser.ts";
import { builtPage } from "./page-under-test.ts";

const patienceMs = 240_000;

/** Register what start has, let one switch for real, and wait for the sweep that judges all. */
const populate = async ({ apiUrl, fleet }: LivePlatform): Promise<void> => {
  const call = async (method: string, path: string, body?: object): Promise<void> => {
    const { status, body: said } = await send(apiUrl, { method, path, body });
    if (status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(said)}`);
  };
  await call("POST", "/accounts", {
    account_id: labAccount,
    name: "Lab",
    environment: "LAB",
    regions: ["us-east-1"],
  });
  await call("POST", `/accounts/${labAccount}/verify`);
  const own = fleet.instances.filter(({ accountId }) => accountId === labAccount);
  for (const { instanceId, instanceType, zoneName } of own) {
    await call("POST", "/lab/instances", {
      account_id: labAccount,
      instance_id: instanceId,
      instance_type: instanceType,
      availability_zone: zoneName,
      pipeline_mode: "LINEAR",
      policy_overrides: { accept_change_of: ["primary-private-ip"] },
    });
  }
  const { member, asgName } = fleet.group;
  await call("POST", "/lab/instances", {
    account_id: labAccount,
    instance_id: member.instanceId,
    instance_type: member.instanceType,
    availability_zone: member.zoneName,
    pipeline_mode: "CLUSTER",
    metadata: { asg_name: asgName },
  });
  const [first] = own;
  if (first === undefined) throw new Error("The account has no instance.");
  await call("PATCH", `/lab/instances/${first.instanceId}`, { is_shadow_mode: false });
  await call("POST", `/lab/instances/${first.instanceId}/evaluate`);
  await until("sweep", async () => {
    const { body } = await send(apiUrl, { method: "GET", path: "/fleet" });
    const { verdict } = body["columns"] as { readonly verdict: readonly unknown[] };
    return verdict.every((each) => each !== null) || undefined;
  });
};

/** Of a window on a laptop. */
const look = { width: 1440, scheme: "light" } as const;

const listed = "a[href^='/evaluations/evl-']";

describe("the pictures", () => {
  const { folder, remove } = temporaryFolder();
  let live: LivePlatform;
  let browser: Browser;
  beforeAll(async () => {
    const page = serveConsole(await builtPage(), { version: "0.1.0", mayWrite: true });
    live = await startIn(folder, { page });
    await populate(live);
    browser = await openBrowser();
  }, patienceMs);
  afterAll(async () => {
    await browser.close();
    await live.close();
    remove();
  });

  it.each([
    { name: "console-fleet", height: 520, path: "/", shows: "[role=gridcell]" },
    // The first of the list is the switch.
    {
      name: "console-evaluation",
      height: 900,
      path: "/evaluations",
      opens: listed,
      shows: ".evaluation",
    },
    {
      name: "console-preflight",
      height: 900,
      path: `/accounts/${labAccount}/preflight`,
      opens: "button:has-text('Begin')",
      shows: "button:has-text('Register all as shadow')",
    },
  ])("$name is written", async ({ name, height, path, opens, shows }) => {
    const { page, faults, leave } = await visit(browser, { url: live.apiUrl, path, look });
    await page.setViewportSize({ width: look.width, height });
    if (opens !== undefined) await page.locator(opens).first().click();
    await page.locator(shows).first().waitFor();
    await page.waitForLoadState("networkidle");
    writeFileSync(
      new URL(`../../docs/${name}.png`, import.meta.url),
      await page.screenshot({ animations: "disabled" }),
    );
    await leave();
    expect(faults).toEqual([]);
  });
});
