/** Risk in each state, width and scheme; quarantine is asked for first, and sent once. */
import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { riskPoolPageSchema } from "../../lambdas/api/schemas/risk-pools.ts";
import { visit } from "./browser.ts";
import { describeHeld, withBrowser } from "./held.ts";
import { apiOf, json, never, problem, servePage, shared, type Api } from "./page-under-test.ts";

type Page = z.infer<typeof riskPoolPageSchema>;

const longReason =
  "Incident 4711 of the region's north, whose capacity is to come back within a week "
    .repeat(2)
    .trim();

const poolOf = (zone: number, type: string, index: number): Page["items"][number] => ({
  pool_id: `us-east-1:use1-az${String(zone)}:${type}:linux-unix`,
  pool: {
    region: "us-east-1",
    zone_id: `use1-az${String(zone)}`,
    instance_type: type,
    product: "Linux/UNIX",
  },
  losses: index % 4,
  lab_losses: index % 2,
  decayed_losses: (index % 4) / 2,
  losses_by_day: index % 4 === 0 ? [] : [{ day: "2026-03-01", losses: index % 4 }],
  found_late: 0,
  refusals: 0,
  ...(index % 5 !== 0 && {
    risk: {
      probability: (index % 40) / 100,
      calm_probability: 0.01,
      horizon_hours: 24,
      model_version: "streak-1",
    },
  }),
  ...(index % 7 === 3 && {
    quarantine: {
      reason: longReason,
      since: "2026-03-01T09:00:00.000Z",
      until: "2026-03-05T00:00:00.000Z",
      set_by: "arn:aws:sts::111122223333:assumed-role/operators/ada",
    },
    given_up: {
      targets: 2,
      hourly_usd: 0.4274,
      monthly_usd: 312,
      judged_at: "2026-03-02T08:30:00.000Z",
    },
  }),
});

const sizes = ["large", "xlarge", "2xlarge", "4xlarge"];

const pageOf = (zones: number, families: number): Page =>
  riskPoolPageSchema.parse({
    total: { losses: 1, lab_losses: 0 },
    items: Array.from({ length: families }, (_, family) => family).flatMap((family) =>
      sizes.flatMap((size, at) =>
        Array.from({ length: zones }, (_, zone) =>
          poolOf(zone + 1, `m${String(family)}i.${size}`, family * 31 + at * zones + zone),
        ),
      ),
    ),
  });

const answering = (pools: Api): Api =>
  apiOf({ ...shared, "/risk/pools": pools, "/accounts": json({ items: [] }) });

const grid = ".risk-grid td.pool";
const states: readonly { readonly name: string; readonly api: Api; readonly shows: string }[] = [
  { name: "usual", api: json(pageOf(4, 3)), shows: grid },
  { name: "a large region", api: json(pageOf(12, 30)), shows: grid },
  {
    name: "empty",
    api: json({ items: [], total: { losses: 0, lab_losses: 0 } }),
    shows: "text=Nothing is remembered of this region",
  },
  { name: "loading", api: never, shows: "[aria-label=Loading]" },
  {
    name: "out of order",
    api: problem(503, "The state table does not answer."),
    shows: "text=The state table does not answer.",
  },
];

const browser = withBrowser();

describeHeld(
  "risk",
  states.map(({ api, ...state }) => ({ ...state, api: () => answering(api), path: "/risk" })),
  browser,
);

const sentSchema = z.object({ reason: z.string(), until: z.string() });

describe("quarantine", () => {
  it("says what it gives up before it is set, and sends the reason and the day", async () => {
    const sent: { readonly path: string; readonly body: unknown }[] = [];
    const pools = json(pageOf(4, 3));
    const server = await servePage(async (request) => {
      const { pathname } = new URL(request.url);
      if (request.method !== "POST") return answering(pools)(request);
      sent.push({ path: decodeURIComponent(pathname), body: await request.json() });
      return json({})(request);
    });
    const look = { width: 1024, scheme: "light" } as const;
    const { page, leave } = await visit(browser(), {
      url: server.url,
      path: "/risk?filter=az1%20m0i.large",
      look,
    });
    await page.getByRole("button", { name: "Quarantine: m0i.large in use1-az1" }).click();
    const dialog = page.locator("dialog[open]");
    const heading = await dialog.locator("h2").innerText();
    const said = await dialog.innerText();
    await dialog.getByLabel("Reason").fill("Incident 4711");
    await dialog.getByLabel("Your name").fill("ada");
    await dialog.getByRole("button", { name: "Quarantine" }).click();
    await page.locator("text=m0i.large in use1-az1 is avoided.").first().waitFor();
    await leave();
    await server.close();
    expect(heading).toMatch(/^Avoid m0i\.large in use1-az1 until 2026-03-05\?$/);
    expect(said).toContain("What it gives up is not known");
    expect(sent).toHaveLength(1);
    expect(sent[0]?.path).toBe(
      "/api/v1/risk/pools/us-east-1:use1-az1:m0i.large:linux-unix/quarantine",
    );
    expect(sentSchema.parse(sent[0]?.body)).toEqual({
      reason: "Incident 4711",
      until: "2026-03-05T00:00:00.000Z",
    });
  });
});
