/** Where the replacements of a group come from: several pools, within their share, and others where one has no capacity. */
import { describe, expect, it } from "@jest/globals";
import { listRefusals } from "../../../adapters/store/pools.ts";
import { poolKey, type Pool } from "../../../core/model/market.ts";
import type { Swap } from "../../../core/model/swap.ts";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import {
  createGroupLab,
  type GroupEnding,
  type GroupLab,
  type GroupLabOptions,
} from "../../../local/lab/group-lab.ts";
import { smallMarketTypes } from "../../../local/lab/small-market.ts";
import type { GroupSummary } from "../../../local/cloud/autoscaling/control.ts";

const labOf = async (
  options: GroupLabOptions,
): Promise<GroupLab & { readonly before: GroupSummary }> => {
  const lab = await createGroupLab(options);
  const before = lab.group();
  if (before === undefined) throw new Error("The laboratory has no group.");
  return { ...lab, before };
};

/** Of each pool, how many stand there. */
const counted = (pools: readonly Pool[]): ReadonlyMap<string, number> =>
  new Map([...Map.groupBy(pools, poolKey)].map(([key, some]) => [key, some.length] as const));

const poolsOf = (swaps: readonly Swap[]): readonly Pool[] =>
  swaps.flatMap(({ replacement }) => replacement?.pool ?? []);

const spotLaunches = ({ effects }: GroupEnding, outcome: "DONE" | "REFUSED") =>
  effects.filter((effect) => effect.action === "RunInstances" && effect.outcome === outcome);

/** In the zone of a group that has one. */
const empty = (
  { platform }: GroupLab,
  { instanceType }: Pick<Pool, "instanceType">,
  butFor = 0,
): void => {
  platform.ec2.control.setCapacity({ zoneId: "use1-az4", instanceType }, butFor);
};

const replayed = async ({ account }: GroupLab, { evaluationId }: GroupEnding): Promise<unknown> => {
  const answer = await account.api.send({
    method: "POST",
    path: `/evaluations/${evaluationId}/replay`,
  });
  return JSON.parse(answer.text);
};

describe("a group that is to be spread", () => {
  it("holds no more of itself in a pool than its share, over all of its batches, and the record says why each is where it is", async () => {
    const lab = await labOf({
      size: 6,
      zones: 1,
      policy: { batch_size: 2, max_pool_share_percent: 34 },
    });
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(complaintsAboutGroup(lab, ending, { before: lab.before })).toEqual([]);
    const counts = [...counted(poolsOf(ending.swaps)).values()];
    expect(Math.max(...counts)).toBe(2);
    expect(counts).toHaveLength(3);
    const { verdict } = ending.evaluation;
    expect(verdict?.sentence).toMatch(
      /^6 of 6 members of group web are to go: 2 to \S+ in \S+, 2 to \S+ in \S+, 2 to /,
    );
    expect(await replayed(lab, ending)).toMatchObject({ identical: true });
  });

  it("has ten pools and more on offer in two zones", async () => {
    const lab = await labOf({ size: 4, policy: { batch_size: 2 } });
    const { evaluation } = await lab.run();
    expect(evaluation.verdict?.offers.length).toBeGreaterThanOrEqual(10);
  });
});

describe("a pool that has no capacity", () => {
  it("for more than one refuses once for the whole batch: the others go to the next at once, and the herd remembers how many it held", async () => {
    const trial = await labOf({ size: 3, zones: 1, policy: { batch_size: 3 } });
    const [best] = poolsOf((await trial.run()).swaps);
    if (best === undefined) throw new Error("Nothing was launched.");
    const lab = await labOf({ size: 3, zones: 1, policy: { batch_size: 3 } });
    empty(lab, best, 1);
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(complaintsAboutGroup(lab, ending, { before: lab.before })).toEqual([]);
    expect(spotLaunches(ending, "REFUSED")).toHaveLength(1);
    expect(spotLaunches(ending, "DONE")).toHaveLength(3);
    expect(counted(poolsOf(ending.swaps)).get(poolKey(best))).toBe(1);
    const refusals = await listRefusals(lab.account.table, {
      region: best.region,
      since: "2026-03-02T00:00:00.000Z",
      targetId: ending.evaluation.targetId,
    });
    expect(refusals).toMatchObject([{ instanceType: best.instanceType, held: 1 }]);
  });

  it("leaves a group as it is where all are empty: it stays, and nothing of it was touched", async () => {
    const lab = await labOf({ size: 2, zones: 1, policy: { batch_size: 2 } });
    for (const instanceType of smallMarketTypes) empty(lab, { instanceType });
    const ending = await lab.run();
    expect(ending.evaluation.outcome).toMatchObject({
      status: "STAYED",
      reason: "NO_CAPACITY_IN_ANY_OFFER",
    });
    const changed = ending.effects.filter(
      ({ action, outcome }) =>
        outcome === "DONE" && !["CreateOrUpdateTags", "DeleteTags"].includes(action),
    );
    expect(changed).toEqual([]);
    expect(complaintsAboutGroup(lab, ending, { before: lab.before })).toEqual([]);
    // Each pool was asked once, not once for each member.
    const asked = spotLaunches(ending, "REFUSED").map(({ resource }) => resource);
    expect(new Set(asked).size).toBe(asked.length);
  });
});
