import { describe, expect, it } from "@jest/globals";
import { askedBefore, takenFromOwner } from "../../../../core/decide/kubernetes/hidden-leave.ts";
import type { Intent, IntentChange } from "../../../../core/model/intent.ts";

const asgName = "shop-nodes";

const at = (minute: number): string => `2026-03-02T09:${String(minute).padStart(2, "0")}:00.000Z`;

const intentOf = (
  swapId: string,
  change: IntentChange,
  rest: Partial<Intent> & { readonly minute: number },
): Intent => {
  const { minute, ...others } = rest;
  const id = `${change.kind}-${swapId}`;
  return {
    ...{ id, swapId, status: "COMMITTED", fence: 1, plannedAt: at(minute), change },
    ...others,
  };
};

/** Of a group that is to have so many before. */
const attach = (
  swapId: string,
  minute: number,
  desiredCapacity: number,
  rest: Partial<Intent> = {},
) =>
  intentOf(
    swapId,
    { kind: "ATTACH_NODE", asgName, instanceId: `i-new-${swapId}` },
    { minute, before: { desiredCapacity }, ...rest },
  );

/** @param met absent: the answer did not tell */
const removal = (swapId: string, minute: number, met?: number, rest: Partial<Intent> = {}) =>
  intentOf(
    swapId,
    {
      ...{ kind: "REMOVE_NODE", asgName, instanceId: `i-old-${swapId}` },
      ...(met === undefined ? {} : { desiredBefore: met }),
    },
    { minute, ...rest },
  );

/** Four are asked for; the call meets four and not our five, and three are left. */
const taken = [attach("one", 1, 4), removal("one", 5, 4)];

const askedFor = (swapId: string, all: readonly Intent[]) =>
  askedBefore({ swapId, intents: all.filter((intent) => intent.swapId === swapId) }, all);

const before = (swapId: string, all: readonly Intent[]): number | undefined =>
  askedFor(swapId, all)?.asked;

const isOwed = (swapId: string, all: readonly Intent[]): boolean | undefined =>
  askedFor(swapId, all)?.isOwed;

describe("how many were asked for before a place was added", () => {
  it("is what the last call met, where that has taken one of it: the place is the owner's", () => {
    expect(before("two", [...taken, attach("two", 10, 3)])).toBe(4);
    expect(isOwed("two", [...taken, attach("two", 10, 3)])).toBe(true);
    expect(isOwed("two", [...taken, attach("two", 10, 4)])).toBe(false);
    expect(before("two", [attach("one", 1, 4), removal("one", 5, 7), attach("two", 10, 6)])).toBe(
      7,
    );
  });

  it("is what an undo's call met, too", () => {
    const change = { kind: "ATTACH_NODE", asgName, instanceId: "i-new-one" } as const;
    const leave = { at: at(5), desiredSeen: 5, desiredMet: 6 };
    const leaving = { ...change, leavingId: change.instanceId, leave };
    const undone = attach("one", 1, 4, { status: "UNDONE", change: leaving });
    expect(before("two", [undone, attach("two", 10, 5)])).toBe(6);
    expect(takenFromOwner("one", [undone])[0]).toContain("to 6 in the instant");
  });

  it("is what the group showed where an undo's call was written down, and nobody knows whether it has acted", () => {
    const change = { kind: "ATTACH_NODE", asgName, instanceId: "i-new-one" } as const;
    const leave = { at: at(5), desiredSeen: 5 };
    const leaving = { ...change, leavingId: change.instanceId, leave };
    const open = attach("one", 1, 4, { status: "ACTED", change: leaving });
    expect(before("two", [open, attach("two", 10, 5)])).toBe(5);
    expect(takenFromOwner("one", [open])).toEqual([]);
  });

  it.each([
    ["the call met what was seen", [attach("one", 1, 4), removal("one", 5, 5)], 4],
    ["nobody knows what it met", [attach("one", 1, 4), removal("one", 5)], 4],
    ["it has not acted", [attach("one", 1, 4), removal("one", 5, 4, { status: "PLANNED" })], 3],
    ["somebody has set another number since", taken, 4],
    ["a later call met what was seen", [...taken, attach("two", 6, 4), removal("two", 8, 5)], 4],
    ["a place that stands has given it back", [...taken, attach("two", 6, 3)], 3],
  ] as const)("is what the group showed where %s", (_why, earlier, shown) => {
    expect(before("three", [...earlier, attach("three", 10, shown)])).toBe(shown);
  });

  it("is owed on where the place that was to give it back was taken away again", () => {
    const undone = attach("two", 6, 3, { status: "UNDONE" });
    expect(before("three", [...taken, undone, attach("three", 10, 3)])).toBe(4);
  });

  it("is what the Spot node group had where the place is there", () => {
    const grown = intentOf(
      "two",
      {
        ...{ kind: "SCALE_OUT", clusterName: "shop", nodeGroup: "spot", asgName: "spot-nodes" },
        ...{ clientToken: "token", desiredBefore: 3, knownIds: [] },
      },
      { minute: 10 },
    );
    expect(before("two", [...taken, grown])).toBe(3);
    expect(takenFromOwner("two", [grown, removal("two", 12, 9)])).toEqual([]);
  });

  it("is what an undo's call met in the Spot node group, where its place is there", () => {
    const growth = (swapId: string, minute: number, desiredBefore: number): Intent =>
      intentOf(
        swapId,
        {
          ...{ kind: "SCALE_OUT", clusterName: "shop", nodeGroup: "spot", asgName: "spot-nodes" },
          ...{ clientToken: "token", desiredBefore, knownIds: [] },
        },
        { minute },
      );
    const first = growth("one", 1, 3);
    const leave = { at: at(5), desiredSeen: 4, desiredMet: 7 };
    const change = { ...first.change, leavingId: "i-new-one", leave } as IntentChange;
    const undone: Intent = { ...first, status: "UNDONE", change };
    expect(before("two", [undone, growth("two", 10, 6)])).toBe(7);
    expect(before("two", [undone, growth("two", 10, 8)])).toBe(8);
    const given = [undone, growth("two", 10, 6), growth("three", 20, 6)];
    expect(before("three", given)).toBe(6);
    expect(takenFromOwner("one", given)[0]).toContain("spot-nodes to 7 in the instant");
  });
});

describe("what a removal has taken", () => {
  it("is told to its owner, with the number to set", () => {
    expect(takenFromOwner("one", taken)).toEqual([
      expect.stringMatching(
        /shop-nodes to 4 in the instant in which i-old-one was .* set it to 4 if/,
      ),
    ]);
    expect(takenFromOwner("two", taken)).toEqual([]);
  });
});
