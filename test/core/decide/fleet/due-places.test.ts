import { describe, expect, it } from "@jest/globals";
import {
  duePlaces,
  prodFirst,
  type SweptAccount,
} from "../../../../core/decide/fleet/due-places.ts";
import { accountIdSchema } from "../../../../core/model/ids.ts";
import type { PlaceStanding } from "../../../../core/model/place-standing.ts";

const accountId = accountIdSchema.parse("444455556666");
const now = new Date("2026-03-02T12:00:00.000Z");
const hoursAgo = (hours: number): string =>
  new Date(now.getTime() - hours * 3_600_000).toISOString();

const standing = (
  region: string,
  hours: number,
  change: Partial<PlaceStanding> = {},
): PlaceStanding => ({
  accountId,
  region,
  sweptAt: hoursAgo(hours),
  targets: 0,
  judged: 0,
  ...change,
});

const connected = (
  regions: readonly string[],
  change: Partial<Omit<SweptAccount, "places">> = {},
): SweptAccount => ({
  places: regions.map((region) => ({ accountId, region })),
  standings: [],
  findsByTags: false,
  ...change,
});

const due = (accounts: readonly SweptAccount[], withTargets: readonly string[] = []) =>
  duePlaces(
    withTargets.map((region) => ({ accountId, region })),
    accounts,
    now,
  ).map(({ region }) => region);

describe("what a sweep looks at", () => {
  it("is every region with targets, and every other connected one once a day", () => {
    const standings = [
      standing("eu-west-1", 0.25),
      standing("eu-west-2", 23.9),
      standing("eu-west-3", 24),
    ];
    const account = connected(["eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1"], { standings });
    expect(due([account], ["eu-west-1"])).toEqual(["eu-west-1", "eu-north-1", "eu-west-3"]);
  });

  it("is at each sweep where targets are found by tags and anything runs, or nobody has looked yet", () => {
    const standings = [
      standing("eu-west-1", 0.25, { instances: 3 }),
      standing("eu-west-2", 0.25, { instances: 0 }),
      standing("eu-west-3", 0.25),
    ];
    const account = connected(["eu-west-1", "eu-west-2", "eu-west-3"], {
      standings,
      findsByTags: true,
    });
    expect(due([account])).toEqual(["eu-west-1", "eu-west-3"]);
  });

  it("does not wait for a clock that was an hour ahead", () => {
    const standings = [standing("eu-west-1", -1)];
    expect(due([connected(["eu-west-1"], { standings })])).toEqual(["eu-west-1"]);
  });

  it("is spread over the day where many regions are connected at once, who waits longest first", () => {
    const regions = Array.from({ length: 1_500 }, (_, index) => `region-${String(index)}`);
    const standings = regions.map((region, index) => standing(region, 25 + index / 1000));
    const first = due([connected(regions, { standings })]);
    expect(first).toHaveLength(Math.ceil(1_500 / 48));
    expect(first[0]).toBe("region-1499");
    // A day has twice as many sweeps as are needed.
    expect(first.length * 96).toBeGreaterThanOrEqual(2 * regions.length);
  });

  it("names no region twice", () => {
    const account = connected(["eu-west-1"], { findsByTags: true });
    expect(due([account], ["eu-west-1", "eu-west-1"])).toEqual(["eu-west-1"]);
  });
});

it("PROD is swept first, and otherwise nobody loses his turn", () => {
  const lab = accountIdSchema.parse("444455556666");
  const prod = accountIdSchema.parse("555566667777");
  const other = accountIdSchema.parse("666677778888");
  const accounts = [
    { accountId: lab, environment: "LAB" },
    { accountId: prod, environment: "PROD" },
  ] as const;
  const places = [
    { accountId: lab, region: "eu-west-1" },
    { accountId: other, region: "eu-west-1" },
    { accountId: prod, region: "eu-west-2" },
    { accountId: prod, region: "eu-west-1" },
  ];
  expect(prodFirst(places, accounts)).toEqual([places[2], places[3], places[0], places[1]]);
});
