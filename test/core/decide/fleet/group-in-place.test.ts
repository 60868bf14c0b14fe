import { describe, expect, it } from "@jest/globals";
import { judgeInPlace, type BulkJudgement } from "../../../../core/decide/fleet/judge-in-place.ts";
import type { GroupEligibilityInput } from "../../../../core/decide/cluster/eligibility.ts";
import { judgeCluster } from "../../../../core/decide/cluster/verdict.ts";
import type { GroupLook } from "../../../../core/model/close-look.ts";
import { currentJudgementVersion } from "../../../../core/model/judgement-version.ts";
import { groupDeferrals } from "../../../../core/model/reasons/group.ts";
import type { RegionMarket } from "../../../../core/model/market.ts";
import type { BulkGroup, Listed, PlaceReading } from "../../../../core/model/place-reading.ts";
import type { Verdict } from "../../../../core/model/verdict.ts";
import { delayed, own, shared } from "../cluster/objection-cases.ts";
import { eligibleGroup, plainGroup } from "../cluster/plain-group.ts";
import { m5Large, openMarket } from "../linear/eligible-facts.ts";
import { asListedGroup, commonInput, placeOf, regionMarket } from "./in-place.ts";

const readingOf = (groups: Listed<BulkGroup>): PlaceReading => ({ ...placeOf(), groups });

const marketFor = ({ type }: GroupEligibilityInput): RegionMarket => ({
  ...regionMarket,
  types: [
    ...regionMarket.types.filter(({ instanceType }) => instanceType !== m5Large.instanceType),
    ...(type === undefined ? [] : [type]),
  ],
});

const judgeBulk = (
  input: GroupEligibilityInput,
  change: { readonly reading?: PlaceReading; readonly closeLook?: GroupLook } = {},
): BulkJudgement<"CLUSTER"> => {
  const { account, target, group, policy, riskModel } = input;
  const items = group === undefined ? [] : [asListedGroup(group)];
  return judgeInPlace("CLUSTER", {
    ...commonInput,
    account,
    target,
    policy,
    reading: readingOf({ kind: "READ", items }),
    market: marketFor(input),
    linearTargets: group?.linearTargets ?? [],
    ...(riskModel !== undefined && { riskModel }),
    ...change,
  });
};

const verdictIn = (judged: BulkJudgement<"CLUSTER">): Verdict => {
  if (judged.kind === "JUDGED") return judged.verdict;
  throw new Error(judged.failure.cause);
};

/** What the workflow concludes, which reads all of the group. */
const wholeVerdict = (input: GroupEligibilityInput): Verdict => {
  const { account, target, group, policy, type, riskModel, launch, standing } = input;
  return judgeCluster({
    account,
    target,
    policy,
    policyVersion: commonInput.policyVersion,
    model: commonInput.model,
    judgementVersion: currentJudgementVersion,
    isAskedFor: false,
    facts: {
      observedAt: openMarket.observedAt,
      riskModel: riskModel ?? commonInput.riskModel,
      deploymentId: commonInput.deploymentId,
      ...(group !== undefined && { group }),
      ...(type !== undefined && { templateType: type }),
      ...(launch !== undefined && { launch }),
      ...(standing !== undefined && { standing }),
      market: {
        ...openMarket,
        ...marketFor(input),
        reserved: { reservedCount: 0, runningCount: 0 },
      },
    },
  }).verdict;
};

const cases = Object.entries({ ...own, ...shared, ...delayed }).map(
  ([code, [input]]) => [code, input] as const,
);

describe("a group's verdict from the lists of its place", () => {
  it("is a switch that is to be looked at closely", () => {
    const judged = judgeBulk(eligibleGroup);
    expect(judged).toMatchObject({
      kind: "JUDGED",
      isLookWanted: true,
      verdict: { kind: "SWITCH" },
    });
    expect(verdictIn(judged).unchecked).toContain("LAUNCH_HOOK");
  });

  it.each(cases)("has %s as the workflow has it, or says that it did not look", (code, input) => {
    const bulk = verdictIn(judgeBulk(input));
    expect(wholeVerdict(input).reason).toBe(code);
    if (bulk.reason === code) return;
    expect(bulk.kind).toBe("SWITCH");
    expect(bulk.unchecked).toContain(code);
  });

  it("leaves nothing open once the group was looked at, and forgets a look from before the lists", () => {
    for (const [, input] of cases) {
      const { group, launch, standing } = input;
      if (group === undefined) continue;
      const look: GroupLook = {
        readAt: openMarket.observedAt,
        facts: {
          group: { ...group, stopProtected: group.stopProtected ?? [] },
          launch: launch ?? {},
          ...(standing !== undefined && { standing }),
        },
      };
      const verdict = verdictIn(judgeBulk(input, { closeLook: look }));
      expect(verdict).toMatchObject({ reason: wholeVerdict(input).reason });
      expect(verdict.unchecked).toBeUndefined();
      const before = { ...look, readAt: "2025-02-28T00:00:00.000Z" };
      expect(verdictIn(judgeBulk(input, { closeLook: before })).unchecked).toBeDefined();
    }
  });

  it("rests on a look that was kept, but for what passes by itself: that is not a reason to look again", () => {
    const { group = plainGroup, launch = {} } = eligibleGroup;
    const look: GroupLook = {
      readAt: "2025-02-28T00:00:00.000Z",
      facts: { group, launch },
      isKept: true,
    };
    const judged = judgeBulk(eligibleGroup, { closeLook: look });
    expect(judged).toMatchObject({ isLookWanted: false, verdict: { kind: "SWITCH" } });
    expect(verdictIn(judged).unchecked).toEqual([...groupDeferrals]);
  });

  it("is to be looked at again where the look that was kept has tried no launch", () => {
    const { group = plainGroup } = eligibleGroup;
    const look: GroupLook = {
      readAt: "2025-02-28T00:00:00.000Z",
      facts: { group },
      isKept: true,
    };
    const judged = judgeBulk(eligibleGroup, { closeLook: look });
    expect(judged).toMatchObject({ isLookWanted: true, verdict: { kind: "SWITCH" } });
    expect(verdictIn(judged).unchecked).toContain("LAUNCH_REFUSED");
    expect(verdictIn(judged).unchecked).not.toContain("LAUNCH_HOOK");
  });

  it("is not given where its list was not read, or where what it shows can't be understood", () => {
    const failure = { error: "RetryableThrottled", cause: "Throttled." };
    const odd = { ...readingOf({ kind: "READ", items: [] }), unreadable: [{ id: "web", failure }] };
    const unread = readingOf({ kind: "FAILED", failure });
    for (const reading of [odd, unread]) {
      expect(judgeBulk(eligibleGroup, { reading })).toEqual({ kind: "NOT_JUDGED", failure });
    }
    const unasked = judgeBulk(eligibleGroup, { reading: readingOf({ kind: "NOT_ASKED" }) });
    expect(unasked).toMatchObject({ kind: "NOT_JUDGED", failure: { error: "BrokenFacts" } });
  });

  it("leaves members alone that are targets of their own", () => {
    const linearTargets = plainGroup.members.map(({ instanceId }) => ({
      instanceId,
      targetId: "tgt-other",
    }));
    const judged = judgeBulk({ ...eligibleGroup, group: { ...plainGroup, linearTargets } });
    expect(verdictIn(judged)).toMatchObject({ kind: "STAY", reason: "NOTHING_TO_CONVERT" });
  });
});
