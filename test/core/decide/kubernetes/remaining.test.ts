import { describe, expect, it } from "@jest/globals";
import {
  othersInService,
  whyTooFewRemain,
  type RemainingInstance,
} from "../../../../core/decide/kubernetes/remaining.ts";
import type { GroupMember } from "../../../../core/model/group.ts";

const member = (instanceId: string, lifecycleState = "InService"): GroupMember =>
  ({ instanceId, lifecycleState, healthStatus: "Healthy" }) as GroupMember;

/** Two were asked for; our new node `i-3` has joined. */
const group = {
  asgName: "nodes",
  desiredCapacity: 3,
  members: [member("i-1"), member("i-2"), member("i-3")],
};
const shown = (instanceId: string, change: Partial<RemainingInstance> = {}): RemainingInstance => ({
  instanceId,
  state: "running",
  isInterrupted: false,
  ...change,
});

describe("an original that is to leave its group", () => {
  it("may, where the others serve", () => {
    expect(whyTooFewRemain(group, "i-1", [shown("i-2"), shown("i-3")])).toBeUndefined();
  });

  it.each<readonly [what: string, others: readonly RemainingInstance[]]>([
    ["is about to be taken back by EC2", [shown("i-2", { isInterrupted: true }), shown("i-3")]],
    ["has ended", [shown("i-2", { state: "shutting-down" }), shown("i-3")]],
    ["is not shown by EC2", [shown("i-3")]],
  ])("waits while one of the others %s", (_what, others) => {
    expect(whyTooFewRemain(group, "i-1", others)).toBe(
      "Without i-1 1 members of group nodes would serve, and 2 are asked for.",
    );
  });

  it("does not count one that its group has not in service, whatever EC2 shows", () => {
    const joining = { ...group, members: [member("i-1"), member("i-2", "Pending"), member("i-3")] };
    expect(othersInService(joining, "i-1")).toEqual(["i-3"]);
    expect(whyTooFewRemain(joining, "i-1", [shown("i-2"), shown("i-3")])).toContain("2 are asked");
  });
});
