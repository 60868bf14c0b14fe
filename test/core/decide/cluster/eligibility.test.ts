import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  delaysOf,
  judgeGroupEligibility,
  type GroupEligibilityInput,
} from "../../../../core/decide/cluster/eligibility.ts";
import type { GroupFacts } from "../../../../core/model/group.ts";
import { groupDeferrals, groupReasons } from "../../../../core/model/reasons/group.ts";
import { hoursBefore, observedAt } from "../offers/choice-samples.ts";
import {
  clusterTarget,
  eligibleGroup,
  groupOf,
  memberId,
  plainGroup,
  plainMember,
  plainMembers,
  spotMember,
} from "./plain-group.ts";
import {
  withGroup,
  withSettings,
  withTemplate,
  withTags,
  withTraffic,
  withAccount,
  withPolicy,
  withFirst,
  suspended,
  hook,
  sevenInEachZone,
  enrolledMembers,
  own,
  shared,
  delayed,
} from "./objection-cases.ts";

const codesOf = (input: GroupEligibilityInput): readonly string[] => {
  const judged = judgeGroupEligibility(input);
  if (judged.kind === "ELIGIBLE") return [];
  return judged.kind === "INELIGIBLE"
    ? judged.objections.map(({ code }) => code)
    : judged.delays.map(({ reason }) => reason);
};
const sentencesOf = (input: GroupEligibilityInput): readonly string[] => {
  const judged = judgeGroupEligibility(input);
  if (judged.kind === "ELIGIBLE") return [];
  return (judged.kind === "INELIGIBLE" ? judged.objections : judged.delays).map(
    ({ sentence }) => sentence,
  );
};

const refused = { ...own, ...shared };

describe("eligibility of a group", () => {
  it("takes a plain On-Demand group", () => {
    expect(judgeGroupEligibility(eligibleGroup)).toEqual({ kind: "ELIGIBLE" });
  });

  it("leaves nodes to KUBERNETES where the instances alone say that they are, but in records of before", () => {
    const node = withFirst(
      plainMember(1, { ec2: { tags: { "kubernetes.io/cluster/prod": "owned" } } }),
    );
    expect(codesOf(node)).toContain("EKS_NODE");
    expect(sentencesOf(node)).toContainEqual(
      expect.stringContaining(`Member ${memberId(1)} of group web is managed by Kubernetes`),
    );
    expect(codesOf({ ...node, judgementVersion: 4 })).not.toContain("EKS_NODE");
  });

  it("has a case for every code of its own", () => {
    expect(Object.keys(own).sort()).toEqual([...groupReasons].sort());
    expect(Object.keys(delayed).sort()).toEqual([...groupDeferrals].sort());
  });

  it.each(Object.entries(refused))(
    "refuses by %s, and nothing else, in its case",
    (code, [input]) => {
      expect(judgeGroupEligibility(input).kind).toBe("INELIGIBLE");
      expect(codesOf(input)).toEqual([code]);
    },
  );

  it.each(Object.entries(delayed))("waits for %s, which refuses nothing", (code, [input]) => {
    expect(judgeGroupEligibility(input).kind).toBe("NOT_NOW");
    expect(codesOf(input)).toContain(code);
  });

  it.each([...Object.entries(refused), ...Object.entries(delayed)])(
    "names in the sentence of %s the value found, and what to do",
    (code, [input, value]) => {
      const sentence = sentencesOf(input)[codesOf(input).indexOf(code)];
      expect(sentence).toContain(value);
      expect(sentence).toMatch(/[:,.] .*\.$/s);
    },
  );

  it.each(Object.entries(delayed))("asks again soon after %s", (_, [input]) => {
    const judged = judgeGroupEligibility(input);
    const [first] = judged.kind === "NOT_NOW" ? judged.delays : [];
    const minutes = (Date.parse(first?.retryAt ?? "") - Date.parse(observedAt)) / 60_000;
    expect(minutes).toBeGreaterThanOrEqual(15);
    expect(minutes).toBeLessThanOrEqual(75);
  });

  it("does not wait where it refuses: a change is needed first", () => {
    const [{ group }] = delayed.REFRESH_IN_PROGRESS;
    const input = { ...own.WARM_POOL[0], group: { ...group, ...own.WARM_POOL[0].group } };
    const both = {
      ...input,
      group: { ...input.group, refreshes: [{ refreshId: "ref-1", status: "Pending" }] },
    } as GroupEligibilityInput;
    expect(codesOf(both)).toEqual(["WARM_POOL"]);
  });

  it("never makes a group eligible by a further flaw", () => {
    const isEligible = (group: GroupFacts): boolean =>
      judgeGroupEligibility({ ...eligibleGroup, group }).kind === "ELIGIBLE";
    // What is refused for something beside the group, a key pair that is gone, is not a flaw of the group.
    const flaws = Object.values(refused)
      .map(([{ group }]) => group ?? plainGroup)
      .filter((group) => !isEligible(group));
    const changed = flaws
      .map((flaw) =>
        Object.entries(flaw).filter(
          ([key, value]) => plainGroup[key as keyof GroupFacts] !== value,
        ),
      )
      .filter((entries) => entries.length > 0);
    fc.assert(
      fc.property(fc.subarray(changed, { minLength: 1 }), (chosen) => {
        const group = { ...plainGroup, ...Object.fromEntries(chosen.flat()) };
        expect(isEligible(group)).toBe(false);
      }),
    );
  });

  it("does not call a group absent that was not asked for", () => {
    expect(codesOf({ ...withAccount({ status: "DISABLED" }), group: undefined })).toEqual([
      "ACCOUNT_DISABLED",
    ]);
  });
});

describe("a parameter that names the template's image", () => {
  it("must be one that our role may read: it is not told as an image that is missing", () => {
    const imageParameter = "resolve:ssm:/golden/ami";
    const input = withTemplate({
      imageId: imageParameter,
      imageParameter,
      imageExists: false,
      isParameterClosed: true,
    });
    expect(codesOf(input)).toEqual(["NOT_ENROLLED"]);
    expect(sentencesOf(input)[0]).toContain(`may not read what ${imageParameter} names`);
  });
});

describe("originals that are to be kept stopped", () => {
  const kept = (change: Partial<GroupFacts>) =>
    withPolicy(withGroup(change), { keepOriginalsHours: 24 });

  it("must be enrolled themselves, for our role stops and marks them as machines of their own", () => {
    const members = [plainMember(1), spotMember(2), ...enrolledMembers.slice(2)];
    const input = kept({ members });
    expect(codesOf(input)).toEqual(["NOT_ENROLLED"]);
    expect(sentencesOf(input)[0]).toContain(`the members of group web, ${memberId(1)} lacks`);
  });

  it("are taken where each is enrolled and no hook would be passed over", () => {
    expect(codesOf(kept({ members: enrolledMembers }))).toEqual([]);
  });
});

describe("what does not stand against a group", () => {
  it.each<readonly [string, GroupEligibilityInput]>([
    ["a claim of our own", withTags({ "spot-optimizer:claim": "dpl-0123456789#4" })],
    ["a group that is opted in by name", withTags({ "spot-optimizer:enabled": "true" })],
    [
      "infrastructure as code whose owner agrees",
      withPolicy(withTags({ "aws:cloudformation:stack-name": "web" }), { acceptIacDrift: true }),
    ],
    ["a terminating hook", withGroup({ hooks: [hook("drain", "TERMINATING")] })],
    [
      "retention where no hook could be abandoned",
      withSettings({ terminateHookAbandon: "retain" }),
    ],
    ["AZRebalance that its owner has suspended", suspended("AZRebalance")],
    [
      "a maintenance policy",
      withSettings({ maintenance: { minHealthyPercentage: 90, maxHealthyPercentage: 100 } }),
    ],
    ["a lifetime that ends in weeks", withSettings({ maxInstanceLifetimeSeconds: 90 * 86_400 })],
    ["an alarm while there is room", withGroup({ alarmsInBreach: ["cpu-high"] })],
    ["a stack at rest", withGroup({ stack: { name: "web", status: "UPDATE_COMPLETE" } })],
    [
      "an action of yesterday",
      withGroup({ scheduledActions: [{ name: "x", startTime: hoursBefore(24) }] }),
    ],
    [
      "an action that is over",
      withGroup({
        scheduledActions: [{ name: "x", recurrence: "* * * * *", endTime: hoursBefore(1) }],
      }),
    ],
    [
      "a member that was kept after an abandoned hook",
      withGroup({
        members: [...plainMembers, plainMember(7, { lifecycleState: "Terminating:Retained" })],
      }),
    ],
    [
      "a Spot member with a volume of its own",
      withFirst(spotMember(1, { ec2: { volumes: [{ volumeId: "v", deviceName: "/dev/sdz" }] } })),
    ],
    [
      "PROD whose owner asks for no proof",
      withPolicy(withAccount({ environment: "PROD" }), { acceptUnproved: true }),
    ],
    ["a group that no load balancer serves", withTraffic({ targetGroups: [] })],
  ])("%s", (_, input) => {
    expect(codesOf(input)).toEqual([]);
  });

  it("a full rack where another zone has room", () => {
    const [full] = [sevenInEachZone.members.filter(({ zoneId }) => zoneId === "use1-az4")];
    const group = groupOf([...full, plainMember(20)], {
      placementGroup: { name: "apart", strategy: "spread" },
    });
    expect(codesOf({ ...eligibleGroup, group })).toEqual([]);
  });
});

describe("a scheduled action", () => {
  const due = (recurrence: string, timeZone?: string): readonly string[] =>
    codesOf(
      withGroup({
        scheduledActions: [
          { name: "scale", recurrence, ...(timeZone === undefined ? {} : { timeZone }) },
        ],
      }),
    );

  // It is Saturday, 1 March 2025, 12:00 UTC.
  it.each([
    ["30 12 * * *", undefined, true],
    ["30 13 * * *", undefined, false],
    ["30 13 * * *", "Europe/Berlin", true],
    ["*/20 * * * SAT", undefined, true],
    ["*/20 * * * MON-FRI", undefined, false],
    ["0 13 1 MAR *", undefined, true],
    ["0 13 1 4 *", undefined, false],
    ["0 13 2 * 6", undefined, true],
    ["what", undefined, true],
  ])("that recurs by %s in zone %s is due: %s", (recurrence, timeZone, isDue) => {
    expect(due(recurrence, timeZone)).toEqual(isDue ? ["SCHEDULED_ACTION_DUE"] : []);
  });
});

it("asks for delays alone before each change", () => {
  const { account, policy, type, at } = eligibleGroup;
  const facts = { account, target: clusterTarget, policy, type, at };
  expect(delaysOf({ ...facts, group: plainGroup })).toEqual([]);
  const [{ group = plainGroup }] = delayed.REFRESH_IN_PROGRESS;
  expect(delaysOf({ ...facts, group }).map(({ reason }) => reason)).toEqual([
    "REFRESH_IN_PROGRESS",
  ]);
});
