/** What one customer's storm says to the others. */
import { describe, expect, it } from "@jest/globals";
import { filterCandidates } from "../../../core/decide/offers/candidates.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import type { Offer } from "../../../core/model/offer.ts";
import type { QuarantineRule } from "../../../core/policy/offers.ts";
import { distinctLosses, type ToldLoss } from "../../../core/risk/distinct-losses.ts";
import { estimateRisks } from "../../../core/risk/predict.ts";
import { findModel } from "../../../core/risk/registry.ts";
import { needing, openMarket, openPolicy, plainInstance } from "../decide/linear/eligible-facts.ts";

const whose = accountIdSchema.parse("555566667777");
const own = accountIdSchema.parse("444455556666");
const startMs = Date.parse(openMarket.observedAt) - 3_600_000;

/** Two hundred Spot Instances of one account in r5.large of a zone, within two minutes. */
const storm: readonly ToldLoss[] = Array.from({ length: 200 }, (_, index) => ({
  zoneId: "use1-az1",
  instanceType: "r5.large",
  at: new Date(startMs + (index % 120) * 1000).toISOString(),
  accountId: whose,
  environment: "PROD" as const,
}));

const offersAfter = (
  told: readonly ToldLoss[],
  quarantine: QuarantineRule = { mode: "decay", hours: 168 },
): readonly Offer[] => {
  const market = { ...openMarket, losses: distinctLosses(told, own) };
  const policy = openPolicy({ quarantine });
  const candidates = filterCandidates(needing({ instance: plainInstance, market, policy }));
  return estimateRisks({ candidates, market, policy, model: findModel() });
};

const namesOf = (offers: readonly Offer[]): readonly string[] =>
  offers
    .filter(({ rejection }) => rejection === undefined)
    .map(({ pool }) => `${pool.instanceType} ${pool.zoneId}`);

describe("200 losses of one account in one pool", () => {
  it("raise the pool's risk for others as one does, and leave them every other type and zone", () => {
    const [first] = storm;
    expect(offersAfter(storm)).toEqual(offersAfter(first === undefined ? [] : [first]));
    expect(namesOf(offersAfter(storm))).toEqual(namesOf(offersAfter([])));
  });

  it("ban that pool alone where the policy bans", () => {
    const others = namesOf(offersAfter([])).filter((name) => name !== "r5.large use1-az1");
    expect(namesOf(offersAfter(storm, { mode: "ban", hours: 24 }))).toEqual(others);
    expect(others.length).toBeGreaterThan(2);
  });
});
