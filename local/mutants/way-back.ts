/** What holds the way back of an original that is stopped, each rule taken away. */
import type { Mutant } from "./mutant.ts";

const tests = ["test/workflows/linear/return-capacity"];

export const wayBackMutants: readonly Mutant[] = [
  {
    name: "the original is stopped and no capacity is held for it",
    file: "core/decide/linear/return-capacity.ts",
    from: 'consistency !== "stateless" &&',
    to: 'consistency === "stateless" &&',
    tests: ["test/workflows/linear/switched", ...tests],
  },
  {
    name: "anybody of the account may take the capacity that is held",
    file: "adapters/aws/ec2/capacity-reservations.ts",
    from: 'InstanceMatchCriteria: "targeted",',
    to: 'InstanceMatchCriteria: "open",',
    tests: ["test/workflows/linear/switched", ...tests],
  },
  {
    name: "the original is started beside the capacity that is held for it",
    file: "core/decide/linear/roll-back/plan.ts",
    from: "planPointing(world) ??",
    to: "",
    tests,
  },
  {
    name: "the original is stopped although EC2 holds nothing for it, and nobody has accepted that",
    file: "core/decide/linear/return-capacity.ts",
    from: "return policy.",
    to: "return !policy.",
    tests,
  },
  {
    name: "capacity for the way back is left when the original is back",
    file: "core/decide/linear/roll-back/plan.ts",
    from: "planCapacityEnd(world) ??",
    to: "",
    tests,
  },
  {
    name: "the group is deleted at which the original is pointed",
    file: "core/decide/linear/roll-back/capacity.ts",
    from: "groupNameIn(pointedAt) === groupName) return undefined;",
    to: "groupNameIn(pointedAt) === groupName && false) return undefined;",
    tests: ["test/core/decide/linear/roll-back"],
  },
  {
    name: "the janitor leaves the capacity of a switch that was made",
    file: "core/decide/linear/return-capacity.ts",
    from: "({ ...change, dueAt: now.toISOString() })",
    to: "({ ...change, dueAt: now.toISOString() && change.dueAt })",
    tests: ["test/lambdas/schedule/janitor/capacity"],
  },
];
