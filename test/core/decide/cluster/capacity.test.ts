import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  firstLedger,
  ownCallsOf,
  reckon,
  removable,
  servingMembers,
  type Ledger,
} from "../../../../core/decide/cluster/capacity.ts";
import type { GroupFacts, GroupMember } from "../../../../core/model/group.ts";
import type { Intent, IntentChange } from "../../../../core/model/intent.ts";
import {
  groupOf,
  memberId,
  plainGroup,
  plainMember,
  spotMember,
  targetsOf,
  standingOf,
} from "./plain-group.ts";
import { observedAt } from "../offers/choice-samples.ts";

const intentOf = (change: IntentChange, status: Intent["status"] = "ACTED"): Intent => ({
  id: JSON.stringify(change),
  status,
  fence: 1,
  plannedAt: observedAt,
  change,
});
const attachOf = (...instanceIds: readonly string[]): IntentChange => ({
  kind: "ATTACH_MEMBERS",
  asgName: "web",
  instanceIds,
});
const removeOf = (instanceId: string): IntentChange => ({
  kind: "REMOVE_MEMBER",
  asgName: "web",
  instanceId,
  how: "terminate",
});

const six: Ledger = { asked: 6, absorbed: 0 };

describe("the ledger of a group", () => {
  it("begins with what is desired", () => {
    expect(firstLedger(plainGroup)).toEqual(six);
  });

  it("counts what our calls have added and taken off as surplus", () => {
    expect(reckon(six, { added: 2, removed: 1 }, { desiredCapacity: 7, minSize: 2 })).toEqual({
      ledger: six,
      surplus: 1,
    });
  });

  it.each([
    ["none of two has acted", 10, 4],
    ["one of two has acted", 9, 3],
    ["both have acted", 8, 2],
  ])(
    "reckons removals without an answer by what the desired capacity shows: %s",
    (_, desiredCapacity, surplus) => {
      const calls = { added: 4, removed: 2, unsure: 2 };
      expect(reckon(six, calls, { desiredCapacity, minSize: 2 })).toEqual({ ledger: six, surplus });
    },
  );

  it.each([
    ["more", 11],
    ["less", 7],
  ])("takes for asked what none of them explains: %s", (_, desiredCapacity) => {
    const calls = { added: 4, removed: 2, unsure: 2 };
    expect(reckon(six, calls, { desiredCapacity, minSize: 2 })).toMatchObject({
      ledger: { asked: desiredCapacity },
      surplus: 0,
    });
  });

  it.each([
    ["a scale-out over our surplus", 10],
    ["a scale-in below it", 7],
    ["a scale-in to what was asked", 6],
    ["a scale-in under that", 4],
  ])("takes %s for what is asked, and counts nothing as ours", (_, desiredCapacity) => {
    expect(reckon(six, { added: 2, removed: 0 }, { desiredCapacity, minSize: 2 })).toEqual({
      ledger: { asked: desiredCapacity, absorbed: 2 },
      surplus: 0,
      change: { from: 8, to: desiredCapacity, absorbed: 2 },
    });
  });

  it("stays absorbed, and counts the next batch anew", () => {
    const { ledger } = reckon(six, { added: 2, removed: 0 }, { desiredCapacity: 10, minSize: 2 });
    expect(reckon(ledger, { added: 2, removed: 0 }, { desiredCapacity: 10, minSize: 2 })).toEqual({
      ledger,
      surplus: 0,
    });
    expect(
      reckon(ledger, { added: 5, removed: 0 }, { desiredCapacity: 13, minSize: 2 }).surplus,
    ).toBe(3);
  });

  it("takes a minimum that was raised to our surplus for what is asked", () => {
    expect(reckon(six, { added: 2, removed: 0 }, { desiredCapacity: 8, minSize: 7 })).toEqual({
      ledger: { asked: 7, absorbed: 1 },
      surplus: 1,
      change: { from: 6, to: 7, absorbed: 1 },
    });
  });
});

describe("our own calls", () => {
  const [first, second] = [memberId(1), memberId(99)];

  it.each<
    readonly [string, readonly Intent[], { added: number; removed: number; unsure?: number }]
  >([
    ["one that acted", [intentOf(attachOf(first, second))], { added: 2, removed: 0 }],
    [
      "one call without an answer as a whole, where one of its instances is a member",
      [intentOf(attachOf(first), "PLANNED"), intentOf(attachOf(second), "PLANNED")],
      { added: 2, removed: 0 },
    ],
    [
      "of two calls without an answer the one whose instance is a member",
      [
        intentOf(attachOf(first), "PLANNED"),
        { ...intentOf(attachOf(second), "PLANNED"), plannedAt: "2026-03-02T12:00:00.000Z" },
      ],
      { added: 1, removed: 0 },
    ],
    [
      "a removal without an answer, by who is no longer one",
      [intentOf(removeOf(first), "PLANNED"), intentOf(removeOf(second), "PLANNED")],
      { added: 0, removed: 1, unsure: 1 },
    ],
    [
      "one that AWS refused, or that was taken back with the desired capacity, not at all",
      [intentOf(attachOf(second), "UNDONE")],
      { added: 0, removed: 0 },
    ],
  ])("count %s", (_, intents, own) => {
    expect(ownCallsOf(intents, plainGroup)).toEqual(own);
  });

  it("count one without an answer whose instance leaves for its health: its place stays", () => {
    const group = groupOf([plainMember(1, { lifecycleState: "Terminating" })]);
    expect(ownCallsOf([intentOf(attachOf(first), "PLANNED")], group).added).toBe(1);
  });

  it("count a member that is leaving as gone", () => {
    const group = groupOf([plainMember(1, { lifecycleState: "Terminating:Wait" })]);
    expect(ownCallsOf([intentOf(removeOf(first), "PLANNED")], group)).toEqual({
      added: 0,
      removed: 1,
      unsure: 1,
    });
  });
});

describe("who serves", () => {
  const serving = (member: GroupMember, change: Partial<GroupFacts> = {}): number =>
    servingMembers(groupOf([member], change)).length;

  it.each<readonly [string, GroupMember, number]>([
    ["a plain member", plainMember(1), 1],
    ["one that is pending", plainMember(1, { lifecycleState: "Pending" }), 0],
    ["one that is unhealthy for the group", plainMember(1, { healthStatus: "Unhealthy" }), 0],
    ["one in a state that we do not know", plainMember(1, { lifecycleState: "Quarantined" }), 0],
    [
      "one that EC2 takes back",
      spotMember(1, { ec2: { spotStatus: "marked-for-termination" } }),
      0,
    ],
    ["one on Spot that runs", spotMember(1, { ec2: { spotStatus: "fulfilled" } }), 1],
  ])("%s", (_, member, count) => {
    expect(serving(member)).toBe(count);
  });

  const inTargets = (change: Parameters<typeof standingOf>[1], loadBalancers = true) => {
    const member = plainMember(1);
    const group = targetsOf([member], { targets: [standingOf(member.instanceId, change)] });
    return serving(member, {
      traffic: {
        targetGroups: [loadBalancers ? group : { ...group, loadBalancers: [] }],
        classic: [],
        missing: [],
        unreadable: [],
      },
    });
  };
  it("not one that a target group does not know as healthy, or keeps traffic from", () => {
    expect(inTargets({ standing: "joining" })).toBe(0);
    expect(inTargets({ standing: "leaving" })).toBe(0);
    expect(inTargets({ override: "zonal_shift_active" })).toBe(0);
    expect(inTargets({ standing: "unrouted" })).toBe(0);
    expect(inTargets({ standing: "unrouted" }, false)).toBe(1);
  });

  it("not one that a classic load balancer has taken out", () => {
    const member = plainMember(1);
    const traffic = (state: string) => ({
      targetGroups: [],
      classic: [{ name: "old", states: { [member.instanceId]: state } }],
      missing: [],
      unreadable: [],
    });
    expect(serving(member, { traffic: traffic("InService") })).toBe(1);
    expect(serving(member, { traffic: traffic("OutOfService") })).toBe(0);
  });
});

/** A group as AWS would have it after any of our calls, and of others. */
interface World {
  readonly ledger: Ledger;
  readonly desired: number;
  readonly min: number;
  readonly added: number;
  readonly removed: number;
  readonly serving: number;
  /** Removals after which fewer served than were asked for. */
  readonly broken: readonly string[];
}

type Event =
  | { readonly kind: "ATTACH"; readonly count: number; readonly healthy: number }
  | { readonly kind: "SET_DESIRED"; readonly to: number }
  | { readonly kind: "SET_MIN"; readonly to: number }
  | { readonly kind: "FAIL"; readonly count: number }
  | { readonly kind: "HEAL"; readonly count: number }
  | { readonly kind: "REMOVE"; readonly pairs: number };

const groupWith = ({ desired, min, serving }: World) => {
  const members = Array.from({ length: serving }, (_, index) => plainMember(index + 1));
  return { ...groupOf(members), desiredCapacity: desired, minSize: min };
};

/** One after the other, read again before each. */
const removeFrom = (world: World, pairs: number): World => {
  if (pairs === 0) return world;
  const reckoning = reckon(world.ledger, world, groupWith(world));
  if (removable({ pairs, reckoning, group: groupWith(world) }) === 0) {
    return { ...world, ledger: reckoning.ledger };
  }
  const after = {
    ...world,
    ledger: reckoning.ledger,
    desired: world.desired - 1,
    removed: world.removed + 1,
    serving: world.serving - 1,
  };
  const next = reckon(after.ledger, after, groupWith(after));
  const isBroken =
    after.serving < next.ledger.asked || after.desired < after.min || next.change !== undefined;
  return removeFrom(
    isBroken ? { ...after, broken: [...after.broken, JSON.stringify(after)] } : after,
    pairs - 1,
  );
};

const happen = (world: World, event: Event): World => {
  switch (event.kind) {
    case "ATTACH":
      return {
        ...world,
        desired: world.desired + event.count,
        added: world.added + event.count,
        serving: world.serving + Math.min(event.count, event.healthy),
      };
    case "SET_DESIRED":
      return { ...world, desired: Math.max(event.to, world.min) };
    case "SET_MIN":
      return { ...world, min: event.to, desired: Math.max(event.to, world.desired) };
    case "FAIL":
      return { ...world, serving: Math.max(0, world.serving - event.count) };
    case "HEAL":
      return { ...world, serving: Math.min(world.desired, world.serving + event.count) };
    case "REMOVE":
      return removeFrom(world, event.pairs);
  }
};

const few = fc.integer({ min: 0, max: 10 });
const events: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constant("ATTACH" as const), count: few, healthy: few }),
  fc.record({ kind: fc.constant("SET_DESIRED" as const), to: fc.integer({ min: 0, max: 30 }) }),
  fc.record({ kind: fc.constant("SET_MIN" as const), to: few }),
  fc.record({ kind: fc.constant("FAIL" as const), count: few }),
  fc.record({ kind: fc.constant("HEAL" as const), count: few }),
  fc.record({ kind: fc.constant("REMOVE" as const), pairs: few }),
);

const began = (size: number): World => ({
  ledger: { asked: size, absorbed: 0 },
  desired: size,
  min: 0,
  added: 0,
  removed: 0,
  serving: size,
  broken: [],
});

describe("removals", () => {
  it("never leave fewer serving than are asked for, whatever others do meanwhile", () => {
    fc.assert(
      fc.property(few, fc.array(events, { maxLength: 20 }), (size, happenings) => {
        expect(happenings.reduce(happen, began(size)).broken).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it("never take off more than we have added", () => {
    fc.assert(
      fc.property(few, fc.array(events, { maxLength: 20 }), (size, happenings) => {
        const { added, removed } = happenings.reduce(happen, began(size));
        expect(removed).toBeLessThanOrEqual(added);
      }),
    );
  });

  it("take all that was added where nobody interferes", () => {
    fc.assert(
      fc.property(few, few, (size, count) => {
        const world = [
          { kind: "ATTACH", count, healthy: count } as const,
          { kind: "REMOVE", pairs: count } as const,
        ].reduce<World>(happen, began(size));
        expect(world).toMatchObject({ desired: size, removed: count, serving: size });
      }),
    );
  });

  it.each([
    ["desired was set to 10 while our two stood", { desired: 10, serving: 8 }, 0],
    ["a scale-in took our four down to one", { added: 4, desired: 7, serving: 7 }, 0],
    ["one other member is unhealthy", { added: 2, desired: 8, serving: 7 }, 1],
    ["the minimum leaves room for one", { added: 2, desired: 8, serving: 8, min: 7 }, 1],
    ["all is well", { added: 2, desired: 8, serving: 8 }, 2],
  ])("while %s", (_, change, count) => {
    const world = { ...began(6), added: 2, ...change };
    const group = groupWith(world);
    const reckoning = reckon(world.ledger, world, group);
    expect(removable({ pairs: 10, reckoning, group })).toBe(count);
  });
});
