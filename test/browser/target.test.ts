/** One target: shadow mode ends after a question that says what follows; and what is about to be stopped is told before it is. */
import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { accountId, createLab } from "../../local/lab/lab.ts";
import { plain } from "../../local/lab/scenarios.ts";
import { visit } from "./browser.ts";
import { withBrowser } from "./held.ts";
import { json, servePage, shared, type Api } from "./page-under-test.ts";

const browser = withBrowser();
const look = { width: 1024, scheme: "light" } as const;

const fleetSchema = z.object({ columns: z.object({ target_id: z.tuple([z.string()]) }) });
const targetSchema = z.object({ is_shadow_mode: z.boolean() });
const accountSchema = z.looseObject({ environment: z.string() });

/** What the API of a laboratory answers, with one thing changed. */
const labOf = async (environment: "LAB" | "PROD") => {
  const lab = await createLab({ ...plain, isShadowMode: true });
  const { gateway } = lab.platform;
  const get = async (path: string): Promise<unknown> =>
    (await gateway(new Request(`http://localhost/api/v1${path}`))).json();
  const { columns } = fleetSchema.parse(await get("/fleet"));
  const [targetId] = columns.target_id;
  const api: Api = async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method !== "GET" || pathname !== `/api/v1/accounts/${accountId}`) {
      return gateway(request);
    }
    const account = accountSchema.parse(await (await gateway(request)).json());
    return json({ ...account, environment })(request);
  };
  const isShadow = async (): Promise<boolean> =>
    targetSchema.parse(await get(`/lab/instances/${targetId}`)).is_shadow_mode;
  return { lab, targetId, api, isShadow };
};

const opened = async (api: Api, targetId: string) => {
  const server = await servePage(api);
  const path = `/targets/${targetId}`;
  const { page, faults, leave } = await visit(browser(), { url: server.url, path, look });
  await page.getByRole("button", { name: /^End shadow mode/ }).click();
  const dialog = page.locator("dialog[open]");
  await dialog.waitFor();
  return {
    page,
    faults,
    dialog,
    close: async () => {
      await leave();
      await server.close();
    },
  };
};

describe("shadow mode", () => {
  it("ends after a question that says what follows, and begins again", async () => {
    const { targetId, api, isShadow } = await labOf("LAB");
    const { page, faults, dialog, close } = await opened(api, targetId);
    const before = await isShadow();
    const title = await dialog.locator("h2").innerText();
    await dialog.getByRole("button", { name: "End shadow mode" }).click();
    await page.getByRole("button", { name: /^Begin shadow mode/ }).waitFor();
    const after = await isShadow();
    await page.getByRole("button", { name: /^Begin shadow mode/ }).click();
    await page.locator("dialog[open]").getByRole("button", { name: "Begin shadow mode" }).click();
    await page.getByRole("button", { name: /^End shadow mode/ }).waitFor();
    const again = await isShadow();
    await close();
    expect(title).toMatch(/^Let i-[0-9a-f]+ be switched for real\?$/);
    expect([before, after, again]).toEqual([true, false, true]);
    expect(faults).toEqual([]);
  });

  it("of a PROD account ends only once the name was typed", async () => {
    const { targetId, api, isShadow } = await labOf("PROD");
    const { dialog, page, close } = await opened(api, targetId);
    const end = dialog.getByRole("button", { name: "End shadow mode" });
    const field = dialog.getByLabel(/Its account is PROD\. Type i-/);
    await field.waitFor();
    const isOffBefore = await end.isDisabled();
    const label = (await dialog.locator("label").innerText()).trim();
    await field.fill(label.split(" ").at(-1) ?? "");
    const isOffAfter = await end.isDisabled();
    await end.click();
    await page.getByRole("button", { name: /^Begin shadow mode/ }).waitFor();
    const shadow = await isShadow();
    await close();
    expect([isOffBefore, isOffAfter, shadow]).toEqual([true, false, false]);
  });
});

describe("links to the AWS console", () => {
  it.each([
    ["of a deployed API lead to the instance", false, 1],
    ["of the simulated cloud there are none", true, 0],
  ])("%s", async (_what, emulated, links) => {
    const { targetId, api } = await labOf("LAB");
    const health = await (await shared["/health"]?.(new Request("http://localhost/")))?.json();
    const server = await servePage((request) =>
      new URL(request.url).pathname === "/api/v1/health"
        ? json({ ...z.looseObject({}).parse(health), emulated })(request)
        : api(request),
    );
    const path = `/targets/${targetId}`;
    const { page, faults, leave } = await visit(browser(), { url: server.url, path, look });
    await page.locator("text=ARN of the instance").waitFor();
    await page.locator(".live:has-text('Live,')").waitFor();
    const found = page.locator("a[href*='console.aws.amazon.com']");
    const count = await found.count();
    const href = count === 0 ? undefined : await found.first().getAttribute("href");
    await leave();
    await server.close();
    expect(count).toBe(links);
    expect(href ?? "none").toMatch(links === 0 ? /^none$/ : /#InstanceDetails:instanceId=i-/);
    expect(faults).toEqual([]);
  });
});
