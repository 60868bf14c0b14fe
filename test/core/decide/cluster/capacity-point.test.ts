import { describe, expect, it } from "@jest/globals";
import { lackingByUs } from "../../../../core/decide/cluster/capacity-point.ts";
import type { Intent } from "../../../../core/model/intent.ts";

const noTraffic = { targetGroups: [], classic: [], missing: [], unreadable: [] };

/** Nobody serves: all that are asked for are missing. */
const empty = { members: [], traffic: noTraffic };

const removal = (swapId: string, status: Intent["status"]): Intent => ({
  id: `remove-${swapId}`,
  swapId,
  fence: 1,
  status,
  plannedAt: "2026-01-01T00:00:00.000Z",
  change: {
    kind: "REMOVE_MEMBER",
    asgName: "web",
    instanceId: "i-0123456789abcdef0",
    how: "terminate",
  },
});

describe("members that are asked for and do not serve", () => {
  const joinedAt = "2026-01-01T00:00:00.000Z";

  it.each([
    {
      what: "ours, where the original was taken before its replacement had served",
      swap: {},
      status: "ACTED" as const,
      ours: 1,
    },
    {
      what: "not ours, once the replacement had served",
      swap: { joinedAt },
      status: "ACTED" as const,
      ours: 0,
    },
    { what: "not ours, where our call was refused", swap: {}, status: "UNDONE" as const, ours: 0 },
  ])("are $what", ({ swap, status, ours }) => {
    const swaps = [{ swapId: "swap-1", ...swap }];
    const found = { intents: [removal("swap-1", status)], swaps };
    expect(lackingByUs({ asked: 2 }, empty, found)).toBe(ours);
  });

  it("are never more ours than there are", () => {
    const found = { intents: [removal("swap-1", "ACTED")], swaps: [{ swapId: "swap-1" }] };
    expect(lackingByUs({ asked: 0 }, empty, found)).toBe(0);
  });
});
