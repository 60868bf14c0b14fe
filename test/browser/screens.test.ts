/** Every screen of the bar, on what the real API answers after a switch: small and dark, large and light. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import { createLab } from "../../local/lab/lab.ts";
import { plain } from "../../local/lab/scenarios.ts";
import { axeFindings, openBrowser, overflow, visit, type Look } from "./browser.ts";
import { servePage } from "./page-under-test.ts";

const paths = ["approvals", "savings", "risk", "waste", "governance", "accounts"];

const looks: readonly Look[] = [
  { width: 360, scheme: "dark" },
  { width: 1440, scheme: "light" },
];

let browser: Browser;
let server: Awaited<ReturnType<typeof servePage>>;
beforeAll(async () => {
  const lab = await createLab(plain);
  await lab.run();
  server = await servePage(lab.platform.gateway);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

describe.each(paths)("/%s", (path) => {
  it.each(looks)("holds at $width px, $scheme", async (look) => {
    const { page, faults, leave } = await visit(browser, {
      url: server.url,
      path: `/${path}`,
      look,
    });
    await page.locator("h1").waitFor();
    await page.waitForLoadState("networkidle");
    const found = { axe: await axeFindings(page), overflow: await overflow(page), faults };
    await leave();
    expect(found).toEqual({ axe: [], overflow: 0, faults: [] });
  });
});
