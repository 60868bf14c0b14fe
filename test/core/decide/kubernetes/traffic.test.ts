import { expect, it } from "@jest/globals";
import { whyTrafficStays } from "../../../../core/decide/kubernetes/traffic.ts";
import type { TargetGroupStanding } from "../../../../core/model/target-group.ts";
import { at } from "./objects.ts";

it.each<readonly [TargetGroupStanding, seconds: number, isHeld: boolean]>([
  ["leaving", 10, true],
  ["leaving", 3000, true],
  ["ready", 119, true],
  ["joining", 119, true],
  // Its controller does not look at our label.
  ["ready", 121, false],
  ["absent", 10, false],
])(
  "a node that is %s in a target group %i s after its label: ends later: %s",
  (standing, seconds, isHeld) => {
    const why = whyTrafficStays([{ arn: "tg-1", standing }], {
      labelledAt: at(0),
      now: at(seconds),
    });
    expect(why !== undefined).toBe(isHeld);
  },
);

it("a node that no load balancer knows ends at once", () => {
  expect(whyTrafficStays([], { labelledAt: at(0), now: at(10) })).toBeUndefined();
});
