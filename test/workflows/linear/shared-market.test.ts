import { describe, expect, it } from "@jest/globals";
import { loadFacts, loadJudgedFacts } from "../../../adapters/store/evaluations.ts";
import { recordLoss } from "../../../adapters/store/pools.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { createLab, type LabOptions } from "../../../local/lab/lab.ts";

const marketCalls = [
  "DescribeInstanceTypeOfferings",
  "DescribeSpotPriceHistory",
  "GetProducts",
] as const;

/** How often each was made while the evaluation ran. */
const runCounting = async (lab: Lab): Promise<{ story: Ending; calls: readonly number[] }> => {
  const from = lab.platform.cloud.journal.length;
  const story = await lab.run();
  const made = lab.platform.cloud.journal.slice(from);
  const calls = marketCalls.map(
    (name) => made.filter(({ operation }) => operation === name).length,
  );
  return { story, calls };
};

const later = (lab: Lab, minutes: number): Promise<void> =>
  lab.clock.run({ atMostMs: lab.clock.now() + minutes * 60_000 });

const shadow: LabOptions = { isShadowMode: true };
const factsOf = (lab: Lab, { evaluationId }: Ending) => loadJudgedFacts(lab.table, evaluationId);
const referenceOf = async (lab: Lab, { evaluationId }: Ending) =>
  (await loadFacts(lab.table, evaluationId))?.market?.stored;

describe("evaluations of one region and quarter of an hour", () => {
  it("read the market once, and name the one stored market", async () => {
    const lab = await createLab(shadow);
    const first = await runCounting(lab);
    const second = await runCounting(lab);
    expect(first.calls.every((count) => count > 0)).toBe(true);
    expect(second.calls).toEqual([0, 0, 0]);
    expect(second.story.status).toBe("SHADOWED");
    expect(await referenceOf(lab, second.story)).toEqual(await referenceOf(lab, first.story));
  });

  it("are judged at their own time on prices with the time of their fetch", async () => {
    const lab = await createLab(shadow);
    const first = await lab.run();
    await later(lab, 2);
    const second = await lab.run();
    const [one, other] = [await factsOf(lab, first), await factsOf(lab, second)];
    expect(other?.market?.spotPricesFetchedAt).toBe(one?.market?.spotPricesFetchedAt);
    const { observedAt = "", spotPricesFetchedAt = "" } = other?.market ?? {};
    const ageMinutes = (Date.parse(observedAt) - Date.parse(spotPricesFetchedAt)) / 60_000;
    expect(ageMinutes).toBeGreaterThanOrEqual(2);
    expect(second.evaluation.verdict?.judgedAt).toBe(observedAt);
  });

  it("each know the losses up to their own time", async () => {
    const lab = await createLab(shadow);
    const first = await lab.run();
    const pool = first.evaluation.verdict?.offers[0];
    if (pool === undefined) throw new Error("Nothing was offered.");
    const at = new Date(lab.clock.now()).toISOString();
    await recordLoss(lab.table, { pool, at, what: "i-lost" });
    const second = await lab.run();
    expect(await referenceOf(lab, second)).toEqual(await referenceOf(lab, first));
    expect((await factsOf(lab, first))?.market?.losses).toEqual([]);
    expect((await factsOf(lab, second))?.market?.losses).toEqual([
      { zoneId: pool.zoneId, instanceType: pool.instanceType, at },
    ]);
  });

  it("are replayed byte for byte, also when the market has changed since", async () => {
    const lab = await createLab(shadow);
    const stories = [await lab.run(), await lab.run()];
    await later(lab, 60);
    stories.push(await lab.run());
    for (const { evaluationId } of stories) {
      const { body } = await lab.send("POST", `/evaluations/${evaluationId}/replay`);
      expect(body).toMatchObject({ identical: true, differences: [] });
    }
  });
});

describe("the market is read anew", () => {
  it("after a quarter of an hour", async () => {
    const lab = await createLab(shadow);
    const first = await lab.run();
    await later(lab, 15);
    const { story, calls } = await runCounting(lab);
    expect(calls.every((count) => count > 0)).toBe(true);
    expect((await referenceOf(lab, story))?.digest).not.toBe(
      (await referenceOf(lab, first))?.digest,
    );
  });

  it("where the policy wants younger Spot prices", async () => {
    const lab = await createLab({ ...shadow, policy: { max_spot_price_age_minutes: 5 } });
    await lab.run();
    await later(lab, 6);
    const { story, calls } = await runCounting(lab);
    expect(story.status).toBe("SHADOWED");
    expect(calls.every((count) => count > 0)).toBe(true);
  });

  it("as soon as a feed answers again that a last good copy stood in for", async () => {
    const lab = await createLab(shadow);
    await lab.run();
    await later(lab, 30);
    lab.platform.feed.setAnswer({ kind: "UNREACHABLE" });
    const during = await lab.run();
    lab.platform.feed.setAnswer({ kind: "MARKET" });
    const after = await lab.run();
    const [old, fresh] = [await factsOf(lab, during), await factsOf(lab, after)];
    expect(Date.parse(fresh?.market?.bandsFetchedAt ?? "")).toBeGreaterThan(
      Date.parse(old?.market?.observedAt ?? ""),
    );
  });
});
