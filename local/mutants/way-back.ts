/** What holds the way back of an original that is stopped, and the freeze of a way back with data: each rule taken away. */
import type { Mutant } from "./mutant.ts";

const tests = ["test/workflows/linear/return-capacity"];
const dataBack = ["test/workflows/linear/data-back-to-on-demand"];
const byImage = ["test/workflows/linear/data-back-by-image"];
const forward = ["test/core/decide/linear/roll-back/forward"];
const freeze = ["test/core/decide/linear/data-way-back"];

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
  {
    name: "a Spot Instance with data is ended for a host that was not looked at",
    file: "lambdas/linear/end-spot/step.ts",
    from: "const health = await checkReplacement(session);",
    to: 'const health = { kind: "HEALTHY" };',
    tests: dataBack,
  },
  {
    name: "a Spot Instance with data is ended, and nobody has looked what goes with it",
    file: "lambdas/linear/end-original.ts",
    from: "const doubt = await keepAttachmentsOf(session, instanceId);",
    to: "const doubt = undefined;",
    tests: dataBack,
  },
  {
    name: "volumes are taken from a Spot Instance that is still shutting down",
    file: "core/decide/linear/data-way-back.ts",
    from: 'if (state !== undefined && state !== "terminated") {',
    to: "if (false) {",
    tests: freeze,
  },
  {
    name: "volumes are taken before they are available",
    file: "core/decide/linear/data-way-back.ts",
    from: 'each.attachedTo !== undefined || each.state !== "available"',
    to: "each.attachedTo === hostId",
    tests: freeze,
  },
  {
    name: "a host is ended after the Spot Instance whose data it is to take",
    file: "core/decide/linear/roll-back/forward.ts",
    from: "if (!takesDataBack) return undefined;",
    to: "if (!takesDataBack || original !== undefined) return undefined;",
    tests: [...forward, ...dataBack],
  },
  {
    name: "a host is ended while nobody knows whether the Spot Instance was asked to end",
    file: "core/decide/linear/roll-back/forward.ts",
    from: "return planUnknownEnd(input);",
    to: "return undefined;",
    tests: forward,
  },
  {
    name: "an image carries a root volume whose licence it does not carry",
    file: "core/decide/linear/root-image.ts",
    from: "if (platformDetails !== withoutLicence) {",
    to: "if (platformDetails === instanceId) {",
    tests: ["test/core/decide/linear/root-image"],
  },
  {
    name: "a host that is lost after the freeze ends a way back with data",
    file: "lambdas/linear/move-root/step.ts",
    from: "if (!isRootRefused(error) && !isLostReplacement(error)) throw error;",
    to: "if (!isRootRefused(error)) throw error;",
    tests: byImage,
  },
  {
    name: "a snapshot whose answer was lost is made a second time",
    file: "lambdas/linear/prepare-image/of-volume.ts",
    from: 'intent?.status === "PLANNED" ?',
    to: 'intent?.status === "SETTLED" ?',
    tests: byImage,
  },
  {
    name: "an image is registered from a snapshot that is not complete",
    file: "lambdas/linear/prepare-image/of-volume.ts",
    from: 'if (state === "completed") return undefined;',
    to: 'if (state !== "error") return undefined;',
    tests: byImage,
  },
  {
    name: "a host that was given up runs on beside its successor",
    file: "lambdas/linear/retire-original/step.ts",
    from: "await releaseHeld(session);\n  }",
    to: "}",
    tests: byImage,
  },
  {
    name: "the host of a way back with data works beside the Spot Instance",
    file: "core/decide/linear/isolation.ts",
    from: 'purpose === "warm" && policy.consistency !== "stateless";',
    to: 'purpose === "warm" && policy.consistency === "stateless";',
    tests: dataBack,
  },
];
