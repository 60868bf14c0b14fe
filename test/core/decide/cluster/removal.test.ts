import { describe, expect, it } from "@jest/globals";
import {
  judgeResume,
  mustSuspendAzRebalance,
  zoneSpread,
} from "../../../../core/decide/switch/az-rebalance.ts";
import { headRoomFor, judgeRestoreOfMax } from "../../../../core/decide/cluster/maximum.ts";
import {
  judgeRemoval,
  warmUpSeconds,
  whoIsToLeave,
  type RemovalInput,
} from "../../../../core/decide/cluster/removal.ts";
import { changeOfGroup } from "../../../../core/decide/cluster/stale.ts";
import { endingOfSwaps } from "../../../../core/decide/switch/ending-of-swaps.ts";
import type { GroupFacts, GroupMember } from "../../../../core/model/group.ts";
import type { Intent } from "../../../../core/model/intent.ts";
import type { Swap } from "../../../../core/model/swap.ts";
import { hoursBefore, observedAt } from "../offers/choice-samples.ts";
import {
  groupOf,
  memberId,
  plainGroup,
  plainMember,
  plainMembers,
  plainTemplate,
  spotMember,
  standingOf,
  targetsOf,
} from "./plain-group.ts";

const replacement = spotMember(101);
const joined: GroupFacts = groupOf([...plainMembers, replacement], { minSize: 2 });

const input = (change: Partial<RemovalInput> = {}): RemovalInput => ({
  originalId: memberId(1),
  replacementId: replacement.instanceId,
  joinedAt: hoursBefore(1),
  group: joined,
  settings: joined.settings,
  reckoning: { ledger: { asked: 6, absorbed: 0 }, surplus: 1 },
  intents: [],
  now: observedAt,
  ...change,
});
const withMember = (member: GroupMember, change: Partial<GroupFacts> = {}) =>
  input({
    group: groupOf(
      joined.members.map((found) => (found.instanceId === member.instanceId ? member : found)),
      change,
    ),
  });
const withTargets = (change: Parameters<typeof targetsOf>[1]) =>
  input({
    group: {
      ...joined,
      traffic: { ...joined.traffic, targetGroups: [targetsOf(joined.members, change)] },
    },
  });

describe("an original", () => {
  it("may leave once its replacement serves", () => {
    expect(judgeRemoval(input())).toEqual({ kind: "REMOVE" });
  });

  it("that EC2 takes back does not serve any longer: it may leave as soon as as many serve as are asked for", () => {
    const taken = spotMember(1, { ec2: { spotStatus: "marked-for-termination" } });
    expect(judgeRemoval(withMember(taken)).kind).toBe("REMOVE");
    const other = spotMember(2, { ec2: { spotStatus: "marked-for-termination" } });
    const twoTaken = withMember(taken).group.members.map((member) =>
      member.instanceId === other.instanceId ? other : member,
    );
    expect(judgeRemoval(input({ group: groupOf(twoTaken, { minSize: 2 }) })).kind).toBe("WAIT");
  });

  it.each([
    "instance-stopped-no-capacity",
    "instance-terminated-by-experiment",
    "instance-terminated-by-whim",
  ])("whose replacement's request is %s stays, and goes where its owner ended it", (spotStatus) => {
    const replacementTold = (code: string) =>
      judgeRemoval(withMember(spotMember(101, { ec2: { spotStatus: code } }))).kind;
    expect(replacementTold(spotStatus)).toBe("UNDO");
    expect(replacementTold("instance-terminated-by-user")).not.toBe("UNDO");
  });

  it("stays where its group gets traffic from what nobody has looked at, unless EC2 takes it", () => {
    const since = input();
    const traffic = { ...since.group.traffic, unreadable: ["arn:since"] };
    const there = { ...since, group: { ...since.group, traffic } };
    expect(judgeRemoval(there)).toMatchObject({ kind: "UNDO" });
    expect(judgeRemoval(there)).toHaveProperty("sentence", expect.stringContaining("arn:since"));
    expect(judgeRemoval({ ...there, isRecovery: true }).kind).toBe("REMOVE");
  });

  it.each<readonly [string, RemovalInput, string]>([
    [
      "that somebody removed is gone, once its owner asks for what there is",
      input({
        group: groupOf(joined.members.slice(1), { desiredCapacity: 7 }),
        reckoning: { ledger: { asked: 7, absorbed: 1 }, surplus: 0 },
      }),
      "VICTIM_GONE",
    ],
    [
      "that somebody removed leaves its replacement as one too many while the surplus stands",
      input({ group: groupOf(joined.members.slice(1)) }),
      "UNDO",
    ],
    [
      "that leaves by other hands leaves it so, too",
      withMember(plainMember(1, { lifecycleState: "Terminating:Wait" })),
      "UNDO",
    ],
    [
      "that protects itself stays",
      withMember(plainMember(1, { protectedFromScaleIn: true })),
      "UNDO",
    ],
    [
      "that its owner puts on standby stays",
      withMember(plainMember(1, { lifecycleState: "EnteringStandby" })),
      "UNDO",
    ],
    [
      "that stands there stays, too",
      withMember(plainMember(1, { lifecycleState: "Standby" })),
      "UNDO",
    ],
    [
      "whose state says neither is waited for",
      withMember(plainMember(1, { lifecycleState: "ReplacingRootVolume" })),
      "WAIT",
    ],
    [
      "whose replacement is taken back stays",
      withMember(spotMember(101, { ec2: { spotStatus: "marked-for-termination" } })),
      "UNDO",
    ],
    [
      "whose replacement EC2 ends stays, before the group knows",
      withMember(spotMember(101, { ec2: { state: "shutting-down" } })),
      "UNDO",
    ],
    [
      "waits while EC2 ends another member",
      withMember(plainMember(4, { ec2: { state: "shutting-down" } })),
      "WAIT",
    ],
    [
      "whose replacement leaves stays",
      withMember(spotMember(101, { lifecycleState: "Terminating" })),
      "UNDO",
    ],
    [
      "whose replacement is pending waits",
      withMember(spotMember(101, { lifecycleState: "Pending" })),
      "WAIT",
    ],
    [
      "whose surplus was absorbed stays",
      input({ reckoning: { ledger: { asked: 10, absorbed: 1 }, surplus: 0 } }),
      "ABSORBED",
    ],
    [
      "waits while another member is unhealthy in a target group",
      withTargets({
        targets: joined.members.map(({ instanceId }, index) =>
          standingOf(instanceId, index === 3 ? { standing: "joining", isFailing: true } : {}),
        ),
      }),
      "WAIT",
    ],
    [
      "waits while its replacement has a zonal shift beside its health",
      withTargets({
        targets: joined.members.map(({ instanceId }) =>
          standingOf(
            instanceId,
            instanceId === replacement.instanceId ? { override: "zonal_shift_active" } : {},
          ),
        ),
      }),
      "WAIT",
    ],
  ])("%s", (_, given, kind) => {
    const judged = judgeRemoval(given);
    expect(judged.kind).toBe(kind);
    expect("sentence" in judged && judged.sentence).toMatch(/\.$/);
  });

  it("waits while its group has launched one first, and will end another for it", () => {
    const balancing = (change: Partial<GroupMember> = {}) =>
      input({
        group: groupOf(
          [
            ...joined.members.map((member) => ({ ...member, ...change })),
            plainMember(8, { lifecycleState: "Pending" }),
          ],
          { minSize: 2, desiredCapacity: 7 },
        ),
      });
    expect(judgeRemoval(balancing())).toMatchObject({
      kind: "WAIT",
      sentence: expect.stringContaining("has 1 member more than the 7") as unknown,
    });
    // Nobody is free for it: the group ends none.
    expect(judgeRemoval(withMember(plainMember(1)))).toEqual({ kind: "REMOVE" });
    const held = balancing({ protectedFromScaleIn: true });
    const free = held.group.members.map((member) =>
      member.instanceId === memberId(1) ? { ...member, protectedFromScaleIn: false } : member,
    );
    expect(judgeRemoval({ ...held, group: { ...held.group, members: free } })).toEqual({
      kind: "REMOVE",
    });
  });

  it("is not touched before slow start and warm-up are over", () => {
    const settings = { ...joined.settings, defaultInstanceWarmupSeconds: 120 };
    const slow = withTargets({ slowStartSeconds: 300 });
    expect(warmUpSeconds(settings, slow.group.traffic)).toBe(300);
    const at = (seconds: number) =>
      judgeRemoval({
        ...slow,
        settings,
        joinedAt: observedAt,
        now: new Date(Date.parse(observedAt) + seconds * 1000).toISOString(),
      });
    expect(at(299)).toMatchObject({
      kind: "WAIT",
      until: new Date(Date.parse(observedAt) + 300_000).toISOString(),
    });
    expect(at(300)).toEqual({ kind: "REMOVE" });
  });

  it("waits as long as the grace period where there is no warm-up", () => {
    const settings = { healthCheckGraceSeconds: 60 };
    expect(warmUpSeconds(settings, { targetGroups: [] })).toBe(60);
    expect(
      warmUpSeconds({ ...settings, defaultInstanceWarmupSeconds: 0 }, { targetGroups: [] }),
    ).toBe(0);
  });
});

describe("an original that EC2 takes back", () => {
  const attach: Intent = {
    id: "attach-swap-1",
    swapId: "swap-1",
    status: "ACTED",
    fence: 1,
    plannedAt: hoursBefore(1),
    change: { kind: "ATTACH_MEMBERS", asgName: "web", instanceIds: [replacement.instanceId] },
  };
  const others = joined.members.filter(({ instanceId }) => instanceId !== memberId(1));
  const own = plainMember(102, { ec2: { launchedAt: hoursBefore(0.5) } });
  const pair = { isRecovery: true, intents: [attach] };
  const without = (...members: readonly GroupMember[]) =>
    input({ ...pair, group: groupOf([...others, ...members], { minSize: 2 }) });

  it("is not kept until its replacement has warmed up", () => {
    const settings = { ...joined.settings, defaultInstanceWarmupSeconds: 7200 };
    expect(judgeRemoval(input({ settings })).kind).toBe("WAIT");
    expect(judgeRemoval(input({ settings, isRecovery: true }))).toEqual({ kind: "REMOVE" });
  });

  it("is the one that leaves, as long as it has not ended", () => {
    expect(whoIsToLeave(input(pair))).toBe(memberId(1));
  });

  it("has whom the group launches in its place leave instead, once that is in service", () => {
    expect(whoIsToLeave(without())).toBeUndefined();
    expect(judgeRemoval(without()).kind).toBe("WAIT");
    expect(whoIsToLeave(without({ ...own, lifecycleState: "Pending" }))).toBeUndefined();
    expect(whoIsToLeave(without(own))).toBe(own.instanceId);
    expect(judgeRemoval({ ...without(own), originalId: own.instanceId }).kind).toBe("REMOVE");
    expect(whoIsToLeave({ ...without(own), isRecovery: false })).toBe(memberId(1));
  });
});

describe("head-room", () => {
  const full = {
    asgName: "web",
    maxSize: 6,
    desiredCapacity: 6,
    alarmsInBreach: [] as readonly string[],
  };

  it("is enough below the maximum", () => {
    expect(
      headRoomFor({ group: { ...full, maxSize: 8 }, count: 2, asked: 6, raised: undefined }),
    ).toEqual({
      kind: "ENOUGH",
    });
  });

  it("is made by as many as are attached, and keeps the first maximum", () => {
    expect(headRoomFor({ group: full, count: 2, asked: 6, raised: undefined })).toEqual({
      kind: "RAISE",
      maxOriginal: 6,
      maxRaised: 8,
    });
    expect(
      headRoomFor({
        group: { ...full, maxSize: 8, desiredCapacity: 8 },
        count: 1,
        asked: 6,
        raised: { maxOriginal: 6, maxRaised: 8 },
      }),
    ).toEqual({ kind: "RAISE", maxOriginal: 6, maxRaised: 9 });
  });

  it("starts from what somebody set meanwhile", () => {
    expect(
      headRoomFor({
        group: { ...full, maxSize: 7, desiredCapacity: 7 },
        count: 1,
        asked: 6,
        raised: { maxOriginal: 6, maxRaised: 8 },
      }),
    ).toMatchObject({ maxOriginal: 7 });
  });

  it("is not made again where somebody has taken it", () => {
    expect(
      headRoomFor({
        group: { ...full, maxSize: 8, desiredCapacity: 8 },
        count: 1,
        asked: 7,
        raised: { maxOriginal: 6, maxRaised: 8 },
      }),
    ).toMatchObject({ kind: "NOT_NOW" });
  });

  it("is not made while an alarm would take it", () => {
    expect(
      headRoomFor({
        group: { ...full, alarmsInBreach: ["cpu-high"] },
        count: 1,
        asked: 6,
        raised: undefined,
      }),
    ).toMatchObject({ kind: "NOT_NOW" });
  });

  it("is not made a second time for what has taken the first: a policy, and not our own surplus", () => {
    const input = {
      group: { ...full, maxSize: 8, desiredCapacity: 8 },
      count: 1,
      raised: { maxOriginal: 6, maxRaised: 8 },
    };
    expect(headRoomFor({ ...input, asked: 6 }).kind).toBe("RAISE");
    expect(headRoomFor({ ...input, asked: 7 })).toMatchObject({
      kind: "NOT_NOW",
      sentence: expect.stringContaining("asks for 7"),
    });
  });

  it.each([
    ["is not made above what an earlier evaluation could not hand back", { maxSize: 8 }, "NOT_NOW"],
    ["is there below that", { maxSize: 8, desiredCapacity: 7 }, "ENOUGH"],
    ["is made above what somebody has set since", { maxSize: 9, desiredCapacity: 9 }, "RAISE"],
  ])("%s", (_, change, kind) => {
    const standing = { maxOriginal: 6, maxRaised: 8 };
    const group = { ...full, desiredCapacity: 8, ...change };
    expect(headRoomFor({ group, count: 1, asked: 8, raised: undefined, standing }).kind).toBe(kind);
  });

  const raise = { kind: "RAISE_MAX", asgName: "web", maxOriginal: 6, maxRaised: 8 } as const;
  it.each([
    ["handed back", { maxSize: 8, desiredCapacity: 6 }, "RESTORE"],
    ["kept while more are wanted", { maxSize: 8, desiredCapacity: 7 }, "NOT_NOW"],
    ["another writer's by now", { maxSize: 12, desiredCapacity: 6 }, "THEIRS"],
    ["back already", { maxSize: 6, desiredCapacity: 6 }, "DONE"],
  ])("is %s", (_, change, kind) => {
    expect(judgeRestoreOfMax(raise, { ...plainGroup, ...change }).kind).toBe(kind);
  });

  it("is kept while more members are there than fit", () => {
    expect(judgeRestoreOfMax(raise, { ...joined, maxSize: 8, desiredCapacity: 6 }).kind).toBe(
      "NOT_NOW",
    );
  });
});

describe("AZRebalance", () => {
  const suspension = (reason: string) => ({
    suspendedProcesses: [{ process: "AZRebalance", reason }],
  });
  const intent = (reason?: string) => ({
    plannedAt: "2025-03-01T11:00:00.000Z",
    change: {
      kind: "SUSPEND_AZ_REBALANCE",
      asgName: "web",
      ...(reason === undefined ? {} : { reason }),
    } as const,
  });
  const ours = "User suspended at 2025-03-01T11:00:01Z";

  it("is suspended where zones could be balanced, and nobody has done so", () => {
    expect(mustSuspendAzRebalance(plainGroup)).toBe(true);
    expect(mustSuspendAzRebalance({ ...plainGroup, zones: plainGroup.zones.slice(1) })).toBe(false);
    expect(mustSuspendAzRebalance({ ...plainGroup, ...suspension(ours) })).toBe(false);
  });

  it.each([
    ["as we left it", ours, ours, "RESTORE"],
    ["by somebody since", ours, "User suspended at 2025-03-01T11:40:00Z", "THEIRS"],
    ["at the time of a call without an answer", undefined, ours, "RESTORE"],
    [
      "long after a call without an answer",
      undefined,
      "User suspended at 2025-03-01T11:40:00Z",
      "THEIRS",
    ],
    ["long before it", undefined, "User suspended at 2025-02-01T11:40:00Z", "THEIRS"],
  ])("that is suspended %s", (_, known, now, kind) => {
    expect(judgeResume(intent(known), { ...plainGroup, ...suspension(now) }).kind).toBe(kind);
  });

  it.each([
    ["in the call's own time", "User suspended at 2025-03-01T11:00:02Z", "RESTORE"],
    ["a moment later", "User suspended at 2025-03-01T11:00:10Z", "THEIRS"],
  ])(
    "that was resumed before we could look at it is its owner's when suspended %s: %s",
    (_, now, kind) => {
      const unread = { ...intent(undefined), actedAt: "2025-03-01T11:00:02.300Z" };
      expect(judgeResume(unread, { ...plainGroup, ...suspension(now) }).kind).toBe(kind);
    },
  );

  it("that somebody has resumed is done", () => {
    expect(judgeResume(intent(ours), plainGroup).kind).toBe("DONE");
  });

  it("stays suspended while resuming would end members", () => {
    const uneven = groupOf([1, 3, 5, 2].map((index) => plainMember(index)));
    expect(zoneSpread(uneven)).toBe(2);
    const group = { ...uneven, ...suspension(ours) };
    expect(judgeResume(intent(ours), group).kind).toBe("NOT_NOW");
    expect(judgeResume({ ...intent(ours), before: { spread: 2 } }, group).kind).toBe("RESTORE");
  });
});

describe("a group that was judged", () => {
  it("has not changed by its sizes and members", () => {
    expect(changeOfGroup(plainGroup, { ...joined, maxSize: 99 } as GroupFacts)).toBeUndefined();
  });

  it.each<readonly [string, Partial<GroupFacts>]>([
    ["version 4", { template: { ...plainTemplate, version: 4 } }],
    ["image ami-2", { template: { ...plainTemplate, imageId: "ami-2" } }],
    ["lifecycle hook drain is new", { hooks: [{ name: "drain", transition: "x" }] }],
    ["placement group apart is new", { placementGroup: { name: "apart" } }],
    ["subnet subnet-2 is gone", { subnetIds: ["subnet-1"] }],
    ["a mixed-instances policy is new", { kind: { ...plainGroup.kind, mixedInstances: {} } }],
    ["source of traffic", { traffic: { ...plainGroup.traffic, targetGroups: [] } }],
  ])("has changed: %s", (words, change) => {
    expect(changeOfGroup(plainGroup, { ...plainGroup, ...change })).toContain(words);
  });
});

describe("how a conversion ended", () => {
  const ofGroup = { name: "group web", noun: "member", rounds: "batch" };
  const swap = (stage: Swap["stage"], launched = true): Swap => ({
    swapId: stage,
    originalId: memberId(1),
    stage,
    sentence: `It was ${stage}.`,
    failed: [],
    ...(launched
      ? {
          replacement: {
            instanceId: memberId(101),
            pool: { region: "r", zoneId: "z", instanceType: "t", product: "p" },
          },
        }
      : {}),
  });

  it.each([
    ["DONE", [swap("DONE"), swap("DONE")]],
    ["PARTLY_DONE", [swap("DONE"), swap("UNDONE")]],
    ["PARTLY_DONE", [swap("DONE"), swap("ABSORBED")]],
    ["ALL_UNDONE", [swap("UNDONE"), swap("ABSORBED")]],
    ["NOTHING_LAUNCHED", [swap("UNDONE", false)]],
    ["NOTHING_LAUNCHED", []],
    ["HALF_WAY", [swap("DONE"), swap("JOINED")]],
    ["HALF_WAY", [swap("DONE"), swap("LEFT")]],
  ])("%s", (kind, swaps) => {
    const ending = endingOfSwaps({ ...ofGroup, swaps, lost: [], untried: 0 });
    expect(ending.kind).toBe(kind);
    expect(ending.sentence).toMatch(/\.$/);
  });

  it("is in part where a replacement that had taken over has ended since", () => {
    const other = { ...swap("DONE"), originalId: memberId(2), replacement: undefined };
    const swaps = [swap("DONE"), other].map(({ replacement, ...rest }) => ({
      ...rest,
      ...(replacement === undefined ? {} : { replacement }),
    }));
    const ending = endingOfSwaps({
      ...ofGroup,
      swaps,
      lost: [memberId(101)],
      untried: 0,
    });
    expect(ending.kind).toBe("PARTLY_DONE");
    expect(ending.sentence).toContain("1 of 2 members of group web is replaced.");
    expect(ending.sentence).toContain(`${memberId(101)}, which had taken over from`);
  });

  it("is in part where members were to be replaced that no batch has tried", () => {
    const swaps = [swap("DONE"), swap("DONE")];
    const ending = endingOfSwaps({ ...ofGroup, swaps, lost: [], untried: 4 });
    expect(ending).toMatchObject({
      kind: "PARTLY_DONE",
      sentence: expect.stringContaining("2 of 6 members of group web are replaced. 4 more members"),
    });
  });
});
