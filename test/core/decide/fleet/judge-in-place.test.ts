import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { shareOffers } from "../../../../core/decide/fleet/shared-offers.ts";
import { judgeInPlace } from "../../../../core/decide/fleet/judge-in-place.ts";
import type { EligibilityInput } from "../../../../core/decide/linear/eligibility.ts";
import { judgeLinear } from "../../../../core/decide/linear/verdict.ts";
import type { InstanceLook } from "../../../../core/model/close-look.ts";
import { instanceIdSchema } from "../../../../core/model/ids.ts";
import type { InstanceFacts } from "../../../../core/model/instance.ts";
import { currentJudgementVersion } from "../../../../core/model/judgement-version.ts";
import type { RegionMarket } from "../../../../core/model/market.ts";
import type { Target, TargetOf } from "../../../../core/model/target.ts";
import type { Verdict } from "../../../../core/model/verdict.ts";
import {
  eligibleInput,
  m5Large,
  openMarket,
  openPolicy,
  plainInstance,
} from "../linear/eligible-facts.ts";
import { cases } from "../linear/objection-cases.ts";
import { linearInput, placeOf, regionMarket } from "./in-place.ts";

/** The region's catalogue, in which the instance's type is as the case has it. */
const marketFor = ({ type }: EligibilityInput): RegionMarket => ({
  ...regionMarket,
  types: [
    ...regionMarket.types.filter(({ instanceType }) => instanceType !== m5Large.instanceType),
    ...(type === undefined ? [] : [type]),
  ],
});

const otherId = instanceIdSchema.parse("i-00000000000000001");

const linear = (target: Target): TargetOf<"LINEAR"> => {
  if (target.pipelineMode === "LINEAR") return target;
  throw new Error(`${target.targetId} is not an instance.`);
};

const bulkVerdict = (input: EligibilityInput, closeLook?: InstanceLook): Verdict => {
  const { account, target, instance, policy, riskModel, placedBy } = input;
  const judged = judgeInPlace("LINEAR", {
    ...linearInput,
    account,
    target: linear(target),
    policy,
    reading: placeOf(...(instance === undefined ? [] : [instance])),
    market: marketFor(input),
    ...(riskModel !== undefined && { riskModel }),
    ...(placedBy !== undefined && { placedBy }),
    ...(closeLook !== undefined && { closeLook }),
  });
  if (judged.kind !== "JUDGED") throw new Error(judged.failure.cause);
  return judged.verdict;
};

/** What the workflow concludes, which reads all of the instance. */
const wholeVerdict = (input: EligibilityInput): Verdict => {
  const { account, target, instance, policy, type, riskModel, placedBy, launch, commands } = input;
  const { reserved: _counted, placementScores: _hint, ...market } = openMarket;
  return judgeLinear({
    account,
    target: linear(target),
    policy,
    policyVersion: linearInput.policyVersion,
    model: linearInput.model,
    judgementVersion: currentJudgementVersion,
    isAskedFor: false,
    facts: {
      observedAt: openMarket.observedAt,
      riskModel: riskModel ?? linearInput.riskModel,
      deploymentId: linearInput.deploymentId,
      ...(instance !== undefined && { instance }),
      ...(type !== undefined && { originalType: type }),
      ...(placedBy !== undefined && { placedBy }),
      ...(launch !== undefined && { launch }),
      ...(commands !== undefined && { commands }),
      market: {
        ...market,
        ...marketFor(input),
        reserved: { reservedCount: 0, runningCount: 0 },
        placementScores: [],
      },
    },
  }).verdict;
};

const lookAt = (
  instance: InstanceFacts,
  { launch = {}, commands }: Pick<EligibilityInput, "launch" | "commands">,
): InstanceLook => {
  const { disableApiTermination, disableApiStop, domainJoined, targetGroups } = instance;
  const { classicLoadBalancers, directoryDomain, placementGroup } = instance;
  return {
    readAt: openMarket.observedAt,
    launchedAt: instance.launchedAt,
    state: instance.state,
    instance: {
      disableApiTermination,
      disableApiStop,
      domainJoined,
      targetGroups,
      ...(classicLoadBalancers !== undefined && { classicLoadBalancers }),
      ...(directoryDomain !== undefined && { directoryDomain }),
      ...(placementGroup !== undefined && { placementGroup }),
    },
    unenrolled: [],
    launch,
    ...(commands !== undefined && { commands }),
  };
};

/** Documents are looked for where a policy names some. */
const withDocuments = (input: EligibilityInput): EligibilityInput =>
  input.commands === undefined
    ? input
    : {
        ...input,
        policy: {
          ...input.policy,
          proof: [{ kind: "ssm-document", document: "quiesce", seconds: 60 }],
        },
      };

/** The way back is asked for by a person: no sweep judges for it. */
const ofSwitches = Object.entries(cases)
  .filter(([, [input]]) => input.kind === undefined)
  .map(([code, [input]]) => [code, withDocuments(input)] as const);

/** What the case has otherwise than the instance that may be switched. */
const changeOf = <Part extends object>(part: Part | undefined, base: Part): Partial<Part> =>
  Object.fromEntries(
    Object.entries(part ?? {}).filter(
      ([key, value]) => JSON.stringify(base[key as keyof Part]) !== JSON.stringify(value),
    ),
  ) as Partial<Part>;

/** Several faults in one instance. */
const together = (inputs: readonly EligibilityInput[]): EligibilityInput => {
  const { instance: _own, ...others } = Object.assign(
    {},
    eligibleInput,
    ...inputs.map((input) => changeOf(input, eligibleInput)),
  ) as EligibilityInput;
  return {
    ...others,
    policy: Object.assign(
      {},
      eligibleInput.policy,
      ...inputs.map(({ policy }) => changeOf(policy, eligibleInput.policy)),
    ) as EligibilityInput["policy"],
    instance: Object.assign(
      {},
      plainInstance,
      ...inputs.map(({ instance }) => changeOf(instance, plainInstance)),
    ) as InstanceFacts,
  };
};

describe("a verdict from the lists of a place", () => {
  it("is a switch with all that was not looked at beside it", () => {
    expect(bulkVerdict(eligibleInput)).toMatchObject({
      kind: "SWITCH",
      unchecked: [
        "TERMINATION_PROTECTED",
        "STOP_PROTECTED",
        "ZONE_WITHOUT_LOAD_BALANCER",
        "NOT_ENROLLED",
        "IN_CLASSIC_LOAD_BALANCER",
        "KEY_UNUSABLE",
        "KEY_CLOSED_TO_SPOT",
        "KEY_CLOSED_TO_ROLE",
        "TOO_MANY_TAGS",
        "TOO_MANY_SNAPSHOTS",
        "LAUNCH_REFUSED",
      ],
    });
  });

  it.each(ofSwitches)(
    "refuses for %s as the workflow does, or says that it did not look",
    (code, input) => {
      const bulk = bulkVerdict(input);
      expect(wholeVerdict(input)).toMatchObject({ reason: code });
      if (bulk.reason === code) return;
      expect(bulk.kind).toBe("SWITCH");
      expect(bulk.unchecked).toContain(code);
    },
  );

  it("leaves nothing open once the instance was looked at, and is the workflow's then, byte for byte", () => {
    for (const [, input] of ofSwitches) {
      if (input.instance === undefined) continue;
      const verdict = bulkVerdict(input, lookAt(input.instance, input));
      expect(JSON.stringify(verdict)).toBe(JSON.stringify(wholeVerdict({ launch: {}, ...input })));
    }
  });

  it("never refuses what the workflow would take, and lets pass only what it says it did not look for", () => {
    const faults = ofSwitches
      .map(([, input]) => input)
      .filter(({ instance }) => instance !== undefined);
    fc.assert(
      fc.property(fc.subarray(faults, { maxLength: 4 }), (some) => {
        const input = together(some);
        const [bulk, whole] = [bulkVerdict(input), wholeVerdict(input)];
        if (whole.kind === "SWITCH") expect(bulk.kind).toBe("SWITCH");
        if (bulk.reason !== whole.reason) expect(bulk.unchecked).toContain(whole.reason);
      }),
    );
  });

  it("says of a Windows guest that its domain was not asked for", () => {
    const windows = { ...plainInstance, platformDetails: "Windows" };
    const judged = judgeInPlace("LINEAR", {
      ...linearInput,
      reading: placeOf(windows),
      market: { ...regionMarket, product: "Windows" },
    });
    expect(judged).toMatchObject({
      kind: "JUDGED",
      verdict: { unchecked: expect.arrayContaining(["DOMAIN_JOINED"]) as unknown },
    });
  });

  it("counts the running ones that a reservation covers by the same lists", () => {
    const others = ["i-00000000000000001", "i-00000000000000002"].map((id) => ({
      ...plainInstance,
      instanceId: instanceIdSchema.parse(id),
    }));
    const reading = {
      ...placeOf(plainInstance, ...others),
      reserved: [{ instanceType: "m5.large", product: "Linux/UNIX (Amazon VPC)", count: 3 }],
    };
    const judge = (leaving: readonly string[], count = 3) =>
      judgeInPlace("LINEAR", {
        ...linearInput,
        leaving,
        reading: { ...reading, reserved: reading.reserved.map((one) => ({ ...one, count })) },
      });
    expect(judge([])).toMatchObject({ verdict: { reason: "COVERED_BY_RESERVATION" } });
    expect(judge([], 2)).toMatchObject({ verdict: { kind: "SWITCH" } });
    expect(judge(["i-00000000000000001"], 2)).toMatchObject({
      verdict: { reason: "COVERED_BY_RESERVATION" },
    });
  });

  it("is not given of what could not be read", () => {
    const failure = { error: "BrokenFacts", cause: "EC2 does not say its platform." };
    const reading = { ...placeOf(), unreadable: [{ id: plainInstance.instanceId, failure }] };
    expect(judgeInPlace("LINEAR", { ...linearInput, reading })).toEqual({
      kind: "NOT_JUDGED",
      failure,
    });
  });

  it("is the same whether what is on offer is worked out for it alone or for all who need the same", () => {
    const elsewhere = { ...plainInstance, instanceId: otherId, subnetId: "subnet-2" };
    const reading = placeOf(plainInstance, elsewhere);
    const shared = shareOffers();
    const targets = [linearInput.target, { ...linearInput.target, instanceId: otherId }];
    const policies = [openPolicy(), openPolicy({ maxPricePercent: 10 }), openPolicy()];
    for (const target of targets) {
      for (const policy of policies) {
        const input = { ...linearInput, reading, target, policy };
        expect(judgeInPlace("LINEAR", { ...input, shared })).toEqual(judgeInPlace("LINEAR", input));
      }
    }
  });

  it("forgets a look at an instance that was stopped and started since", () => {
    const look = { ...lookAt(plainInstance, {}), launchedAt: "2026-01-01T00:00:00.000Z" };
    const input = eligibleInput;
    expect(bulkVerdict(input, look).unchecked).not.toBeUndefined();
  });
});
