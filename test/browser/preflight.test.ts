/** A preflight in each state, width and scheme; what it finds is asked for before it is registered, and registered once. */
import { describe, expect, it } from "@jest/globals";
import type * as z from "zod";
import {
  preflightJsonSchema,
  preflightSubjectPageSchema,
} from "../../lambdas/api/schemas/preflight.ts";
import { registerManySchema } from "../../lambdas/api/schemas/bulk-registration.ts";
import { accountId, createLab } from "../../local/lab/lab.ts";
import { plain } from "../../local/lab/scenarios.ts";
import { visit } from "./browser.ts";
import { describeHeld, withBrowser } from "./held.ts";
import { apiOf, json, never, problem, servePage, shared, type Api } from "./page-under-test.ts";

type Subject = z.input<typeof preflightSubjectPageSchema>["items"][number];
type Found = z.infer<typeof preflightJsonSchema>;

const account = "444455556666";
const id = "pfl-00000000000000000001";
const path = `/accounts/${account}/preflight`;
const found = `${path}?of=${id}`;

const longName =
  "payments-reconciliation-of-the-night-eu-central-1-blue-with-a-suffix-that-nobody-reads";

const outcomes = ["WILL", "WOULD", "WILL_ONCE", "WONT", "NOT_JUDGED"] as const;

const subjectOf = (index: number, name: string): Subject => {
  const outcome = outcomes[index % outcomes.length] ?? "WONT";
  const saves = outcome === "WONT" || outcome === "NOT_JUDGED" ? undefined : 10 + index;
  return {
    id: `us-east-1/instance/${String(index)}`,
    region: "us-east-1",
    mode: "LINEAR",
    name,
    instance_id: `i-${index.toString(16).padStart(17, "0")}`,
    instance_type: "m5.large",
    zone_name: "us-east-1a",
    instances: 1,
    tags: {},
    outcome,
    reason: "SAVINGS_WORTH_THE_RISK",
    sentence: `${name} would be launched as m6a.large in use1-az4.`,
    missing:
      outcome === "WILL_ONCE"
        ? [
            {
              kind: "CONSENT",
              name: "accept_change_of=primary-private-ip",
              reason: "ADDRESS_CHANGES",
              sentence: "Its address would change.",
            },
          ]
        : [],
    offers:
      saves === undefined
        ? []
        : [
            {
              instance_type: "m6a.large",
              zone_id: "use1-az4",
              spot_hourly_usd: 0.0245,
              risk: 0.001,
              horizon_hours: 24,
            },
          ],
    ...(saves !== undefined && { monthly_usd: saves, savings_percent: 74.4 }),
    downtime_seconds: 330,
    losses: [],
    later: [],
    unchecked: index % 2 === 0 ? ["INSTANCE_STORE_IN_USE", "PLACEMENT_GROUP"] : [],
  };
};

const subjectsOf = (name: (index: number) => string): readonly Subject[] =>
  Array.from({ length: 20 }, (_, index) => subjectOf(index, name(index)));

const usual = subjectsOf((index) => `i-web-${String(index)}`);
const long = subjectsOf((index) => `${longName}-${String(index)}`);

const failure = { error: "AccessDenied", cause: "sts:AssumeRole was refused: verify the account." };

const foundOf = (subjects: readonly Subject[], change: Partial<Found> = {}): Found =>
  preflightJsonSchema.parse({
    preflight_id: id,
    account_id: account,
    requested_at: "2026-03-02T09:00:00.000Z",
    status: "DONE",
    estimate: { calls: 0, seconds: 0 },
    places: [
      {
        region: "us-east-1",
        status: "DONE",
        noted_at: "2026-03-02T09:00:20.000Z",
        subjects: subjects.length,
        looked_at: 8,
        to_look_at: 8,
        quotas: [
          {
            purchase: "SPOT",
            quota_code: "L-34B43A08",
            quota_name: "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests",
            vcpus: 8,
            used_vcpus: 2,
            needed_vcpus: 24,
            subjects: 12,
            instances: 12,
            fitting_subjects: 3,
            fitting_instances: 3,
            raise_to: 26,
          },
        ],
      },
    ],
    totals: {
      by_outcome: outcomes.flatMap((outcome) => {
        const those = subjects.filter((subject) => subject.outcome === outcome);
        const saves = those.reduce((sum, { monthly_usd: usd = 0 }) => sum + usd, 0);
        return those.length === 0 ? [] : [{ outcome, subjects: those.length, monthly_usd: saves }];
      }),
      by_mode: [],
      by_reason: [],
      missing:
        subjects.length === 0
          ? []
          : [
              {
                kind: "CONSENT",
                name: "accept_change_of=primary-private-ip",
                subjects: 4,
                monthly_usd: 78,
              },
            ],
    },
    ...change,
  });

const underWay = (): Found => {
  const one = foundOf(usual);
  return {
    ...one,
    status: "RUNNING",
    estimate: { calls: 40, seconds: 12 },
    places: [
      ...one.places.map((place) => ({ ...place, status: "LOOKING" as const, looked_at: 3 })),
      {
        region: "eu-west-1",
        status: "FAILED",
        noted_at: "2026-03-02T09:00:20.000Z",
        subjects: 0,
        looked_at: 0,
        to_look_at: 0,
        failure,
      },
    ],
  };
};

/** Narrowed as the real API narrows. */
const page =
  (subjects: readonly Subject[]): Api =>
  (request) => {
    const outcome = new URL(request.url).searchParams.get("outcome");
    const items = subjects.filter((subject) => outcome === null || subject.outcome === outcome);
    return json(preflightSubjectPageSchema.parse({ items }))(request);
  };

const answering = (one: Found, subjects: readonly Subject[]): Api =>
  apiOf({
    ...shared,
    [`/preflight/${id}`]: json(one),
    [`/preflight/${id}/subjects`]: page(subjects),
  });

const browser = withBrowser();
const unavailable = problem(503, "The state table does not answer.");

describeHeld(
  "preflight",
  [
    { name: "not begun", api: () => apiOf(shared), path, shows: "text=Nothing was read yet." },
    {
      name: "usual",
      api: () => answering(foundOf(usual), usual),
      path: found,
      shows: "text=i-web-0",
    },
    {
      name: "at work, a region failed",
      api: () => answering(underWay(), usual),
      path: found,
      shows: "text=eu-west-1 could not be read.",
    },
    {
      name: "long names",
      api: () => answering(foundOf(long), long),
      path: found,
      shows: `text=${longName}-0`,
    },
    {
      name: "empty",
      api: () => answering(foundOf([]), []),
      path: found,
      shows: "text=There is nothing in these regions that could be a target.",
    },
    {
      name: "loading",
      api: () => apiOf({ ...shared, [`/preflight/${id}`]: never }),
      path: found,
      shows: "[aria-label=Loading]",
    },
    {
      name: "out of order",
      api: () => apiOf({ ...shared, [`/preflight/${id}`]: unavailable }),
      path: found,
      shows: "text=The state table does not answer.",
    },
  ],
  browser,
);

const look = { width: 1024, scheme: "light" } as const;
const usd = (text: string): number => Number(text.replaceAll(/[$,]/g, ""));
const sumOf = (texts: readonly string[]): number =>
  texts.reduce((sum, text) => sum + (text === "–" ? 0 : usd(text)), 0);

describe("a preflight", () => {
  it("tells of each outcome the sum of the rows to which it leads", async () => {
    const server = await servePage(answering(foundOf(usual), usual));
    const { page: shown, leave } = await visit(browser(), { url: server.url, path: found, look });
    const outcome = shown.getByRole("region", { name: "Table: What would become of it" });
    await outcome.waitFor();
    const totals: (readonly [string, number])[] = [];
    const sums: (readonly [string, number])[] = [];
    for (let index = 0; index < outcomes.length; index += 1) {
      const row = outcome.locator("tbody tr").nth(index);
      const link = row.getByRole("link");
      const counted = await link.innerText();
      totals.push([counted, usd(await row.locator("td").nth(2).innerText())]);
      await link.click();
      const rows = shown.getByRole("region", { name: "Table of subjects" }).locator("tbody tr");
      await shown.locator(`.foot:has-text("${counted} shown")`).waitFor();
      sums.push([
        String(await rows.count()),
        sumOf(await rows.locator("td:nth-child(3)").allInnerTexts()),
      ]);
    }
    await leave();
    await server.close();
    expect(sums).toEqual(totals);
    expect(totals.map(([counted]) => counted)).toEqual(["4", "4", "4", "4", "4"]);
  });

  it("registers all of an outcome, page by page, with a key for each", async () => {
    const keys: string[] = [];
    const bodies: z.infer<typeof registerManySchema>[] = [];
    const api = answering(foundOf(usual), usual);
    const server = await servePage(async (request) => {
      if (request.method !== "POST") return api(request);
      keys.push(request.headers.get("idempotency-key") ?? "");
      const body = registerManySchema.parse(await request.json());
      bodies.push(body);
      const [first, second] = usual.filter(({ outcome }) => outcome === "WILL");
      const subject = body.cursor === undefined ? first : second;
      const items = [
        { subject_id: subject?.id, outcome: "REGISTERED", target_id: `tgt-${"0".repeat(20)}` },
      ];
      const rest = body.cursor === undefined ? { cursor: "next" } : {};
      return json({ items, registered: 1, already_registered: 0, refused: 0, ...rest })(request);
    });
    const {
      page: shown,
      faults,
      leave,
    } = await visit(browser(), {
      url: server.url,
      path: found,
      look,
    });
    await shown.getByRole("button", { name: "Register all as shadow: Would switch" }).click();
    const dialog = shown.locator("dialog[open]");
    const heading = await dialog.locator("h2").innerText();
    await dialog.getByRole("button", { name: "Register as shadow" }).click();
    await shown.locator("text=2 registered in shadow mode.").first().waitFor();
    const links = await shown.getByRole("link", { name: "Registered" }).count();
    await leave();
    await server.close();
    expect(heading).toBe("Register 4 subjects as shadow?");
    expect(bodies.map(({ outcome, cursor }) => [outcome, cursor])).toEqual([
      ["WILL", undefined],
      ["WILL", "next"],
    ]);
    expect(new Set(keys).size).toBe(2);
    expect(links).toBe(2);
    expect(faults).toEqual([]);
  });

  it("is begun by a press, told from then on in the address, and read to its end by the real API", async () => {
    const lab = await createLab(plain);
    const server = await servePage(lab.platform.gateway);
    const {
      page: shown,
      faults,
      leave,
    } = await visit(browser(), {
      url: server.url,
      path: `/accounts/${accountId}/preflight`,
      look,
    });
    await shown.getByRole("button", { name: /^Begin/ }).click();
    await shown.waitForURL(/\?of=pfl-/);
    await shown.locator("text=Asked for").waitFor();
    await leave();
    await server.close();
    expect(faults).toEqual([]);
  });
});
