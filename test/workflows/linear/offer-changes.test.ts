import { describe, expect, it } from "@jest/globals";
import type { Market, PriceChange } from "../../../local/cloud/market/market.ts";
import { accountId, createLab, region, type LabOptions } from "../../../local/lab/lab.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { actionsOf, asOwner, atFirst } from "../../../local/lab/scenarios.ts";
import { smallMarket } from "../../../local/lab/small-market.ts";

/** All Spot prices can be multiplied from some instant on. */
const risingMarket = (): { readonly market: Market; readonly rise: (by: number) => void } => {
  let factor = 1;
  const risen = (change: PriceChange): PriceChange => ({
    ...change,
    hourlyUsd: change.hourlyUsd * factor,
  });
  return {
    market: { ...smallMarket, priceHistory: (query) => smallMarket.priceHistory(query).map(risen) },
    rise: (by) => {
      factor = by;
    },
  };
};

const ways = {
  stateless: { consistency: "stateless" },
  "stop-and-image": { consistency: "stop-and-image" },
} as const satisfies Readonly<Record<string, LabOptions>>;

/** Judged on the market that an evaluation of some minutes ago has read: its prices are shared for a quarter of an hour. */
const labWithOldPrices = async (options: LabOptions): Promise<Lab> => {
  const lab = await createLab({ ...options, isShadowMode: true });
  await lab.run();
  lab.clock.elapse(2 * 60_000);
  await lab.send("PATCH", `/lab/instances/${lab.targetId}`, { is_shadow_mode: false });
  return lab;
};

describe.each(["stateless", "stop-and-image"] as const)(
  "what is offered changes between verdict and stop (%s)",
  (way) => {
    it.each([
      [3.7, /no longer worth the move: .*saves/],
      [9, /is over 100 % of/],
    ])("a price that is %d times as high leaves the original as it is", async (by, words) => {
      const { market, rise } = risingMarket();
      const lab = await labWithOldPrices({ ...ways[way], market });
      atFirst(lab, "RunInstances", {
        when: "before",
        what: () => {
          rise(by);
        },
      });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("ROLLED_BACK");
      expect(story.evaluation.failure?.error).toBe("StaleOffer");
      expect(story.evaluation.failure?.cause).toMatch(words);
      expect(actionsOf(story)).not.toContain("StopInstances");
      expect(story.evaluation.downtimeSeconds).toBeUndefined();
    });

    it("a price that is a little higher does not matter", async () => {
      const { market, rise } = risingMarket();
      const lab = await labWithOldPrices({ ...ways[way], market });
      atFirst(lab, "RunInstances", {
        when: "before",
        what: () => {
          rise(1.2);
        },
      });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
    });

    it("a reservation that a neighbour leaves free keeps the original", async () => {
      const lab = await createLab(ways[way]);
      const instanceType = "m5.large";
      const neighbour = lab.control.addInstance({ accountId, region, instanceType });
      lab.control.addReservedInstances({ accountId, region, instanceType, count: 1 });
      atFirst(lab, "RunInstances", {
        when: "after",
        what: async () => {
          await asOwner(lab)("StopInstances", { InstanceIds: [neighbour] });
        },
      });
      const story = await lab.run();
      expect(story.status).toBe("ROLLED_BACK");
      expect(story.evaluation.failure?.error).toBe("StaleOffer");
      expect(story.evaluation.failure?.cause).toContain("1 Reserved Instance of m5.large");
      expect(story.original?.state).toBe("running");
      expect(actionsOf(story)).not.toContain("StopInstances");
    });
  },
);
