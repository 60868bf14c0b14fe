import { describe, expect, it } from "@jest/globals";
import { createGroupLab, type GroupLab } from "../../../local/lab/group-lab.ts";
import { createGroupOwner, playOwner, type OwnerEvent } from "../../../local/lab/group-owner.ts";
import {
  isEven,
  launchShifts,
  lookShifts,
  rebalanceShifts,
} from "../../../local/property/cluster/shifts.ts";

/** Two zones of two; so many seconds later the owner ends both of one of them, and the group balances what it has left. */
const rebalanced = async (seconds: number): Promise<GroupLab> => {
  const lab = await createGroupLab({ size: 4, min: 1, zones: 2, isBehindLoadBalancer: false });
  const { clock } = lab.account;
  const members = lab.group()?.members ?? [];
  const owner = createGroupOwner(lab.platform, lab.name);
  const zone = members[0]?.zoneName;
  const places = members.flatMap(({ zoneName }, index) => (zoneName === zone ? [index] : []));
  const beginMs = clock.now();
  clock.schedule(beginMs + seconds * 1000, async () => {
    for (const member of places) await owner.act({ kind: "TERMINATE", member, decrements: true });
  });
  await clock.run({ atMostMs: beginMs + 600_000 });
  return lab;
};

describe("what a group balances by itself in both runs", () => {
  it("is missing in both from the earlier instant to the later one", async () => {
    const [one, other] = await Promise.all([rebalanced(10), rebalanced(25)]);
    const [shift, ...more] = rebalanceShifts(one, other);
    expect(more).toEqual([]);
    expect((shift?.toMs ?? 0) - (shift?.fromMs ?? 0)).toBe(15_000);
    expect(rebalanceShifts(other, one)).toEqual([shift]);
  });

  it("counts against us where it happens with us alone, or minutes apart", async () => {
    const [one, late] = await Promise.all([rebalanced(10), rebalanced(100)]);
    const still = await createGroupLab({ size: 4, zones: 2, isBehindLoadBalancer: false });
    expect(rebalanceShifts(one, late)).toEqual([]);
    expect(rebalanceShifts(one, still)).toEqual([]);
    expect(rebalanceShifts(still, one)).toEqual([]);
  });
});

type Activities = ReturnType<GroupLab["platform"]["autoScaling"]["control"]["activities"]>;

/** An activity more than there are. */
const withActivity = (lab: GroupLab, activity: Partial<Activities[number]>): GroupLab => {
  const { control } = lab.platform.autoScaling;
  const activities = (): Activities =>
    [
      {
        ActivityId: "told",
        AutoScalingGroupName: "web",
        StatusCode: "Successful" as const,
        ...activity,
      },
      ...control.activities(lab.name),
    ] as Activities;
  const autoScaling = { ...lab.platform.autoScaling, control: { ...control, activities } };
  return { ...lab, platform: { ...lab.platform, autoScaling } };
};

/** Within the time in which the group waits for one that was detached, and drains. */
const detachedFrom = (lab: GroupLab, fromMs: number, toMs: number): GroupLab =>
  withActivity(lab, {
    Description: "Detaching EC2 instance: i-1",
    Cause: "instance i-1 was detached in response to a user request",
    StartTime: new Date(fromMs),
    EndTime: new Date(toMs),
  });

describe("what a group balances later with us, for it waited for one that we had detached", () => {
  it("is missing in both until another serves, and counts against us where it did not wait for that", async () => {
    const [early, late] = await Promise.all([rebalanced(10), rebalanced(100)]);
    const [own] = rebalanceShifts(late, late);
    const [first] = rebalanceShifts(early, early);
    const [atMs, otherMs] = [own?.fromMs ?? 0, first?.fromMs ?? 0];
    const heldUp = detachedFrom(late, otherMs + 20_000, atMs - 10_000);
    expect(rebalanceShifts(heldUp, early)).toEqual([{ fromMs: atMs, toMs: atMs + 30_000 }]);
    const over = detachedFrom(late, otherMs - 5_000, otherMs);
    expect(rebalanceShifts(over, early)).toEqual([]);
  });
});

/** By its owner's act alone, or with our call after it. */
const rebalancedAlone = async (isOurs: boolean) => {
  const lab = await rebalanced(10);
  const { journal } = lab.platform.cloud;
  const taken = journal.findLast(({ operation }) => operation.startsWith("TerminateInstanceIn"));
  const unevenMs = taken?.at ?? 0;
  const ours = { ...taken, at: unevenMs + 1, sessionName: "evl-1" } as (typeof journal)[number];
  const cloud = { ...lab.platform.cloud, journal: isOurs ? [...journal, ours] : journal };
  return { lab: { ...lab, platform: { ...lab.platform, cloud } }, unevenMs };
};

describe("what a group balances with us alone", () => {
  it("is missing until another serves where its owner has made even zones uneven", async () => {
    const still = await createGroupLab({ size: 4, zones: 2, isBehindLoadBalancer: false });
    const { lab, unevenMs } = await rebalancedAlone(false);
    const [shift, ...more] = rebalanceShifts(lab, still, [unevenMs]);
    expect(more).toEqual([]);
    expect(shift?.fromMs).toBeGreaterThan(unevenMs);
    expect((shift?.toMs ?? 0) - (shift?.fromMs ?? 0)).toBe(30_000);
    expect(rebalanceShifts(lab, still, [(shift?.fromMs ?? 0) + 1])).toEqual([]);
  });

  it("counts against us where our call came between", async () => {
    const still = await createGroupLab({ size: 4, zones: 2, isBehindLoadBalancer: false });
    const { lab, unevenMs } = await rebalancedAlone(true);
    expect(rebalanceShifts(lab, still, [unevenMs])).toEqual([]);
  });

  it("knows even zones by those that stay", async () => {
    const lab = await createGroupLab({ size: 4, min: 1, zones: 2, isBehindLoadBalancer: false });
    const group = lab.group();
    if (group === undefined) throw new Error("There is no group.");
    const [first] = group.members;
    const leaving = group.members.map((member) =>
      member.zoneName === first?.zoneName ? { ...member, state: "Terminating" as const } : member,
    );
    expect(isEven(group)).toBe(true);
    expect(isEven({ ...group, members: leaving })).toBe(false);
  });
});

/** Launched ten seconds after a scale-out, and on its way for eleven. */
const changed = async (...events: readonly OwnerEvent[]): Promise<GroupLab> => {
  const lab = await createGroupLab({
    size: 4,
    min: 0,
    max: 6,
    zones: 2,
    isBehindLoadBalancer: false,
    settings: { jitter: 0 },
  });
  const { refused } = playOwner(lab.platform, lab.name, events);
  await lab.account.clock.run({ atMostMs: lab.account.clock.now() + 300_000 });
  expect(refused).toEqual([]);
  return lab;
};

describe("a scale-in while the group launches for another change", () => {
  const out = { afterSeconds: 10, kind: "POLICY", desired: 5 } as const;
  const scaleIn = { afterSeconds: 20.5, kind: "POLICY", desired: 2 } as const;
  const late = { ...scaleIn, afterSeconds: 60 };

  it("leaves one fewer until what was launched serves, where the other run launches none", async () => {
    const own = await changed(out, scaleIn);
    const other = await changed(out, late);
    expect(own.capacity.samples.map(({ serving }) => serving)).toContain(1);
    const [shift, ...more] = launchShifts(own, other);
    expect(more).toEqual([]);
    const least = own.capacity.samples.find(({ serving }) => serving === 1);
    expect(shift?.fromMs).toBe(least?.atMs);
  });

  it("leaves one fewer, too, while what was launched is in service and not found healthy yet, and not later", async () => {
    const other = await changed(out, late);
    const [soon, later] = [
      await changed(out, { ...scaleIn, afterSeconds: 41 }),
      await changed(out, { ...scaleIn, afterSeconds: 52 }),
    ];
    const [shift] = launchShifts(soon, other);
    expect((shift?.toMs ?? 0) - (shift?.fromMs ?? 0)).toBeLessThan(30_000);
    expect(launchShifts(later, other)).toEqual([]);
  });

  it("excuses nothing where both runs show it, or none was on its way", async () => {
    const own = await changed(out, scaleIn);
    const [again, other] = [await changed(out, scaleIn), await changed(out, late)];
    expect(launchShifts(own, again)).toEqual([]);
    expect(launchShifts(other, own)).toEqual([]);
  });

  it("excuses nothing where nobody changed the desired capacity: whoever took a member out while the group balanced its zones did it", async () => {
    const take = (afterSeconds: number, member: number) =>
      ({ afterSeconds, kind: "TERMINATE", member, decrements: true }) as const;
    const first = await createGroupLab({ size: 4, zones: 2 });
    const members = first.group()?.members ?? [];
    const places = members.flatMap(({ zoneName }, index) =>
      zoneName === members[0]?.zoneName ? [index] : [],
    );
    const [one = 0, two = 0] = places;
    const third = [0, 1, 2, 3].find((place) => !places.includes(place)) ?? 0;
    const own = await changed(take(10, one), take(10, two), take(45, third));
    const still = await changed(late);
    const causes = own.platform.autoScaling.control.activities(own.name).map(({ Cause }) => Cause);
    expect(causes).toContainEqual(expect.stringContaining("launched to balance instances"));
    expect(causes).toContainEqual(expect.stringContaining("was selected for termination"));
    expect(launchShifts(own, still)).toEqual([]);
  });
});

const scaled = "At 2026-03-02T09:12:37Z a policy changing the desired capacity from 3 to 4.";
const lookMs = 10_000;
const bootMs = 70_000;

/** Somebody asks for one more, and the group launches it so much later. */
const launchedAfter = (lab: GroupLab, seconds: number, cause = scaled): GroupLab =>
  withActivity(lab, {
    Description: "Launching a new EC2 instance: i-2",
    Cause: cause,
    StartTime: new Date(seconds * 1000),
    EndTime: new Date(seconds * 1000 + bootMs),
  });

describe("what a group launches a look later with us", () => {
  it("is missing in both until a balancer has proved it", async () => {
    const lab = await createGroupLab({ size: 2 });
    const [own, twin] = [launchedAfter(lab, 10), launchedAfter(lab, 0)];
    expect(lookShifts(own, twin)).toEqual([{ fromMs: bootMs, toMs: lookMs + bootMs + 30_000 }]);
  });

  it("counts against us where it was asked for by others, comes later than a look, or came to the twin later", async () => {
    const lab = await createGroupLab({ size: 2 });
    const twin = launchedAfter(lab, 0);
    expect(lookShifts(launchedAfter(lab, 10, scaled.replace("4", "5")), twin)).toEqual([]);
    expect(lookShifts(launchedAfter(lab, 30), twin)).toEqual([]);
    expect(lookShifts(twin, launchedAfter(lab, 10))).toEqual([]);
  });

  it("counts against us where we made a call in between", async () => {
    const lab = await createGroupLab({ size: 2 });
    const own = launchedAfter(lab, 10);
    const called = {
      operation: "AttachInstances",
      sessionName: "attach",
      hadEffect: true,
      at: 5000,
    };
    const journal = [called] as unknown as typeof own.platform.cloud.journal;
    const platform = { ...own.platform, cloud: { ...own.platform.cloud, journal } };
    expect(lookShifts({ ...own, platform }, launchedAfter(lab, 0))).toEqual([]);
  });
});
