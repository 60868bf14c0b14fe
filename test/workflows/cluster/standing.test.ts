/** What becomes of members that stand on Spot: they stay, move to a better pool, or go back to On-Demand. */
import { describe, expect, it } from "@jest/globals";
import { getTarget } from "../../../adapters/store/targets.ts";
import { targetIdSchema } from "../../../core/model/ids.ts";
import { evaluationTag } from "../../../core/model/tags.ts";
import type { Market } from "../../../local/cloud/market/market.ts";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import {
  createGroupLab,
  type GroupEnding,
  type GroupLab,
  type GroupLabOptions,
} from "../../../local/lab/group-lab.ts";
import { dearMarket } from "../../../local/lab/dear-market.ts";
import { smallMarket } from "../../../local/lab/small-market.ts";

const startMs = Date.parse("2026-03-02T09:00:00Z");
const hourMs = 3_600_000;

const boughtAs = (lab: GroupLab): readonly string[] =>
  (lab.group()?.members ?? []).map(({ lifecycle }) => lifecycle ?? "on-demand").toSorted();

const later = async ({ account }: GroupLab, hours: number): Promise<void> => {
  await account.clock.run({ atMostMs: account.clock.now() + hours * hourMs });
};

const policyNow = async (lab: GroupLab, policy: Readonly<Record<string, unknown>>) => {
  const answer = await lab.account.api.send({
    method: "PATCH",
    path: `/lab/instances/${lab.targetId}`,
    body: { policy_overrides: policy },
  });
  if (answer.status !== 200) throw new Error(answer.text);
};

/** Runs one evaluation from a group that is at rest to one that must be at rest again, and finds nothing wrong with it. */
const evaluated = async (lab: GroupLab, to?: "ON_DEMAND"): Promise<GroupEnding> => {
  const before = lab.group();
  if (before === undefined) throw new Error("The laboratory has no group.");
  const ending = await lab.run(to);
  expect(complaintsAboutGroup(lab, ending, { before })).toEqual([]);
  return ending;
};

/** The owner takes our tags from the members. */
const untag = async (lab: GroupLab): Promise<void> => {
  const { platform, name } = lab;
  const { accountId, region } = name;
  const { accessKeyId } = platform.cloud.identities.addUser({ accountId, name: "owner" });
  await platform.cloud.call({
    service: "ec2",
    operation: "DeleteTags",
    region,
    accessKeyId,
    input: {
      Resources: (lab.group()?.members ?? []).map(({ instanceId }) => instanceId),
      Tags: [{ Key: evaluationTag }],
    },
  });
};

const targetOf = ({ account, targetId }: GroupLab) =>
  getTarget(account.table, targetIdSchema.parse(targetId));

/** As long no member moves that was brought a moment ago. */
const restHours = 6;

/** From an hour after the start on these pools cost as much of On-Demand. */
const dearLater = (
  share: number,
  isDear: (pool: { readonly instanceType: string }) => boolean,
): Market => dearMarket(smallMarket, () => ({ fromMs: startMs + hourMs, share, isDear }));

/** What an hour of the replacements of an evaluation costs, as EC2 charges it at that time. */
const hourlyUsdOf = (market: Market, { swaps }: GroupEnding, at: string): number =>
  swaps.reduce(
    (sum, { replacement }) =>
      sum + ((replacement && market.spotPrice(replacement.pool, Date.parse(at))) ?? 0),
    0,
  );

const inOneZone = (options: GroupLabOptions = {}): GroupLabOptions => ({
  size: 3,
  zones: 1,
  ...options,
  policy: { batch_size: 3, ...options.policy },
});

describe("members that stand on Spot", () => {
  it("stay where they stand well", async () => {
    const lab = await createGroupLab(inOneZone());
    expect((await evaluated(lab)).status).toBe("SWITCHED");
    await later(lab, restHours);
    const again = await evaluated(lab);
    expect(again.evaluation.outcome).toMatchObject({
      status: "STAYED",
      reason: "WITHIN_HYSTERESIS",
    });
    expect(again.effects).toEqual([]);
  });

  it("move to a better pool once their own has become dear, one an hour of a group of three, through the same rooms, and nobody serves less", async () => {
    const trial = await createGroupLab(inOneZone());
    const chosen = (await trial.run()).swaps[0]?.replacement?.pool.instanceType;
    const market = dearLater(0.9, ({ instanceType }) => instanceType === chosen);
    const lab = await createGroupLab(inOneZone({ market }));
    const first = await evaluated(lab);
    expect(first.swaps.map(({ replacement }) => replacement?.pool.instanceType)).toContain(chosen);
    await later(lab, restHours);
    const second = await evaluated(lab);
    expect(second.status).toBe("SWITCHED");
    const dear = first.swaps.filter(({ replacement }) => replacement?.pool.instanceType === chosen);
    expect(dear.length).toBeGreaterThan(1);
    const moved = second.swaps.map(({ originalId }) => String(originalId));
    const left = dear.filter(({ replacement }) => moved.includes(String(replacement?.instanceId)));
    expect([moved.length, left.length]).toEqual([1, 1]);
    expect(second.swaps[0]?.replacement?.pool.instanceType).not.toBe(chosen);
    expect(second.evaluation.verdict?.sentence).toContain("may follow");
    expect(boughtAs(lab)).toEqual(["spot", "spot", "spot"]);
    const { verdict, estimatedSavings } = second.evaluation;
    const at = verdict?.judgedAt ?? "";
    const saved =
      hourlyUsdOf(market, { ...first, swaps: left }, at) - hourlyUsdOf(market, second, at);
    expect(saved).toBeGreaterThan(0);
    // Against the Spot price of the pool that they left, and not against On-Demand.
    expect(estimatedSavings?.hourlyUsd).toBeCloseTo(saved, 4);
    expect(verdict?.savings?.hourlyUsd).toBeCloseTo(saved, 4);
    const early = await evaluated(lab);
    expect(early.status).toBe("STAYED");
    expect(early.evaluation.verdict?.sentence).toContain("waits");
    await later(lab, 1);
    expect((await evaluated(lab)).swaps).toHaveLength(1);
  });

  it("wait for their dwell time", async () => {
    const trial = await createGroupLab(inOneZone());
    const chosen = (await trial.run()).swaps[0]?.replacement?.pool.instanceType;
    const market = dearLater(0.9, ({ instanceType }) => instanceType === chosen);
    const lab = await createGroupLab(inOneZone({ market, policy: { dwell_hours: 24 } }));
    await evaluated(lab);
    await later(lab, 2);
    const early = await evaluated(lab);
    expect(early.status).toBe("STAYED");
    expect(early.evaluation.verdict?.sentence).toContain("within its dwell time of 24 h");
    await later(lab, 24);
    expect((await evaluated(lab)).status).toBe("SWITCHED");
  });

  it("go back to On-Demand once every pool has become dearer than that", async () => {
    const market = dearLater(1.2, () => true);
    const lab = await createGroupLab(inOneZone({ market, policy: { fallback_percent: 0 } }));
    expect((await evaluated(lab)).status).toBe("SWITCHED");
    await later(lab, restHours);
    const ending = await evaluated(lab);
    expect(ending.evaluation.outcome).toMatchObject({
      status: "FELL_BACK",
      reason: "ON_DEMAND_IS_CHEAPER",
    });
    expect(boughtAs(lab)).toEqual(["on-demand", "on-demand", "on-demand"]);
    expect((await targetOf(lab)) ?? {}).not.toHaveProperty("staysOnDemand");
    expect(ending.evaluation.estimatedSavings?.hourlyUsd).toBeGreaterThan(0);
  });

  it("are left alone where their owner has brought them, unless he says otherwise", async () => {
    const trial = await createGroupLab(inOneZone());
    await evaluated(trial);
    // As if somebody else had launched them.
    await untag(trial);
    const ending = await evaluated(trial, "ON_DEMAND");
    expect(ending.evaluation.outcome).toMatchObject({
      status: "STAYED",
      reason: "NOTHING_TO_CONVERT",
    });
    expect(ending.evaluation.verdict?.sentence).toContain("is a Spot Instance of its owner's");
    await policyNow(trial, { batch_size: 3, move_owners_spot: true });
    expect((await evaluated(trial, "ON_DEMAND")).status).toBe("FELL_BACK");
  });
});

describe("a group that is asked back to On-Demand", () => {
  it("goes there batch by batch from its own template, as large as it was, and stays there until somebody asks for Spot", async () => {
    const lab = await createGroupLab({ size: 4, policy: { batch_size: 2 } });
    expect((await evaluated(lab)).status).toBe("SWITCHED");
    const spot = lab.group()?.members.map(({ instanceId }) => instanceId);
    const ending = await evaluated(lab, "ON_DEMAND");
    expect(ending.evaluation).toMatchObject({
      kind: "FALL_BACK",
      status: "FELL_BACK",
      verdict: { kind: "FALLBACK_ON_DEMAND", reason: "ASKED_FOR" },
    });
    expect(ending.swaps.map(({ originalId }) => originalId).toSorted()).toEqual(spot?.toSorted());
    expect(new Set(ending.swaps.map(({ batch }) => batch))).toEqual(new Set([1, 2]));
    const members = lab.group()?.members ?? [];
    expect(members.map(({ lifecycle, instanceType }) => [lifecycle, instanceType])).toEqual(
      Array.from({ length: 4 }, () => [undefined, "m5.large"]),
    );
    expect(Math.min(...lab.capacity.samples.map(({ serving }) => serving))).toBe(4);
    expect(await targetOf(lab)).toMatchObject({
      staysOnDemand: { evaluationId: ending.evaluationId },
    });
    const replayed = await lab.account.api.send({
      method: "POST",
      path: `/evaluations/${ending.evaluationId}/replay`,
    });
    expect(JSON.parse(replayed.text)).toMatchObject({ identical: true });
    await later(lab, 2);
    await lab.platform.functions.invoke("schedule-sweep", {});
    await later(lab, 2);
    expect(boughtAs(lab)).toEqual(Array.from({ length: 4 }, () => "on-demand"));
    expect((await evaluated(lab)).status).toBe("SWITCHED");
    expect((await targetOf(lab)) ?? {}).not.toHaveProperty("staysOnDemand");
  });

  it("takes another type where EC2 has no room for its own", async () => {
    const lab = await createGroupLab(inOneZone());
    await evaluated(lab);
    lab.platform.ec2.control.setCapacity(
      { zoneId: "use1-az4", instanceType: "m5.large", purchase: "on-demand" },
      1,
    );
    expect((await evaluated(lab, "ON_DEMAND")).status).toBe("FELL_BACK");
    const types = lab.group()?.members.map(({ instanceType }) => instanceType) ?? [];
    expect(types.filter((type) => type === "m5.large")).toHaveLength(1);
    expect(boughtAs(lab)).toEqual(["on-demand", "on-demand", "on-demand"]);
  });

  it("is told that nothing of it stands on Spot", async () => {
    const lab = await createGroupLab(inOneZone());
    const ending = await evaluated(lab, "ON_DEMAND");
    expect(ending.evaluation.outcome).toMatchObject({
      status: "STAYED",
      reason: "NOTHING_TO_CONVERT",
    });
    expect(ending.effects).toEqual([]);
  });
});

describe("the On-Demand base", () => {
  it("that is raised brings members back, as many as are missing, and the others stay on Spot", async () => {
    const lab = await createGroupLab({ size: 4, policy: { batch_size: 4 } });
    expect((await evaluated(lab)).status).toBe("SWITCHED");
    await policyNow(lab, { batch_size: 4, on_demand_base: "50%" });
    const ending = await evaluated(lab);
    expect(ending.evaluation.outcome).toMatchObject({
      status: "FELL_BACK",
      reason: "BELOW_ON_DEMAND_BASE",
    });
    expect(boughtAs(lab)).toEqual(["on-demand", "on-demand", "spot", "spot"]);
    expect((await evaluated(lab)).status).toBe("STAYED");
  });
});
