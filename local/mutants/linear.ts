/** Rules of LINEAR, each taken away, and tried with the tests that must notice it. */
import type { Mutant } from "./mutant.ts";

const identity = ["test/workflows/linear/changes-before-verify"];
const placement = ["test/workflows/linear/placed-by-a-switch"];
const wayBack = ["test/workflows/linear/back-to-on-demand"];

export const linearMutants: readonly Mutant[] = [
  {
    name: '"Freeze original" does not judge the replacement again',
    file: "lambdas/linear/freeze-original/last-look.ts",
    from: "const health = await checkReplacement(session);",
    to: 'const health = { kind: "HEALTHY" };',
    tests: ["test/workflows/linear/interruptions"],
  },
  {
    // Its state alone is not enough of a mutant: one that was started again has another launch time, too.
    name: "an original that changed since the verdict is imaged, and stopped",
    file: "lambdas/linear/guards.ts",
    from: 'if (judged.kind === "UNCHANGED" && reading !== undefined) return reading;',
    to: "if (reading !== undefined) return reading;",
    tests: ["test/workflows/linear/original-meanwhile"],
  },
  {
    name: "a replacement with data can reach others while its original runs",
    file: "core/decide/linear/isolation.ts",
    from: 'purpose === "warm" &&',
    to: "false &&",
    tests: ["test/workflows/linear/switched"],
  },
  {
    name: "a replacement is launched while its isolation group still has a rule",
    file: "lambdas/linear/isolation.ts",
    from: "group.egress.length + group.ingress.length === 0",
    to: "group.groupId.length > 0",
    tests: ["test/workflows/linear/isolation", "test/workflows/linear/unknown"],
  },
  {
    name: "a security group that only has the name of the one we made is deleted",
    file: "lambdas/linear/own-isolation.ts",
    from: "found?.tags[evaluationTag] === evaluationId ? found : undefined",
    to: "found",
    tests: ["test/workflows/linear/isolation"],
  },
  {
    name: "parts are moved without a look whether the original rests",
    file: "lambdas/linear/guards.ts",
    from: "if (!isAwake(state)) return;",
    to: "return;",
    tests: ["test/workflows/linear/original-meanwhile"],
  },
  {
    name: "the original leaves its target group before the replacement is healthy there",
    file: "lambdas/linear/identity/pointers.ts",
    from: 'if (judged.kind === "WAITING") {',
    to: "if (false) {",
    tests: ["test/workflows/linear/record"],
  },
  {
    name: '"Verify replacement" looks at health only',
    file: "lambdas/linear/identity/standing.ts",
    from: "await identityPlan(session, replacement.networkInterfaces)",
    to: "[]",
    tests: ["test/workflows/linear/hooks"],
  },
  {
    name: "a replacement is verified without what a launch gave it",
    file: "lambdas/linear/identity/standing.ts",
    from: "return lacks.length === 0",
    to: "return true",
    tests: identity,
  },
  {
    name: '"Retire original" does not look whether the identity is still there',
    file: "lambdas/linear/retire-original/step.ts",
    from: "const standing = await readStanding(session, shown);",
    to: 'const standing = { kind: "WHOLE" };',
    tests: identity,
  },
  {
    name: "an Elastic IP is looked for on the primary private address alone",
    file: "core/decide/linear/identity-plan.ts",
    from: "if (allocationId === undefined) return [];",
    to: "if (allocationId === undefined || !primary) return [];",
    tests: identity,
  },
  {
    name: "a part that somebody takes away each time is moved for ever",
    file: "lambdas/linear/identity/standing.ts",
    from: "if (movedAgain > mostReturns * (1 + resolutions.length)) {",
    to: "if (false) {",
    tests: identity,
  },
  {
    name: '"Retire original" does not read the replacement',
    file: "lambdas/linear/retire-original/step.ts",
    from: "const health = await checkReplacement(session);",
    to: 'const health = { kind: "HEALTHY" };',
    tests: ["test/workflows/linear/record"],
  },
  {
    name: "a Spot Instance goes back that no switch of the target has launched",
    file: "lambdas/linear/placement.ts",
    from: "return stored && ofOwnSwitch(table, stored, { instanceId, targetId });",
    to: 'return stored && { evaluationId: named.data, originalId: instanceId, originalType: "m5.large" };',
    tests: placement,
  },
  {
    name: "a Spot Instance goes back by the record of a switch that launched another one",
    file: "lambdas/linear/placement.ts",
    from: "!isIts || ",
    to: "",
    tests: placement,
  },
  {
    name: "a Spot Instance goes back that a switch of another target has launched",
    file: "lambdas/linear/placement.ts",
    from: " || evaluation.targetId !== targetId) return undefined;",
    to: ") return undefined;",
    tests: placement,
  },
  {
    name: "the way back does not look whether its Spot Instance was ended already",
    file: "lambdas/linear/retire-original/step.ts",
    from: "const isEnded = await isOriginalEnded(session);",
    to: "const isEnded = (await isOriginalEnded(session)) && session === undefined;",
    tests: wayBack,
  },
  {
    name: "the sweep takes back what a person has asked for",
    file: "core/decide/switch/wish.ts",
    from: "input.isAskedFor || staysOnDemand === undefined",
    to: "input.isAskedFor || staysOnDemand !== undefined",
    tests: wayBack,
  },
  {
    name: "roll-back does not read the original's checks",
    file: "core/decide/linear/roll-back/plan.ts",
    from: "isOriginalHealthy === false &&\n",
    to: "false &&\n",
    tests: ["test/workflows/linear/record"],
  },
  {
    name: "roll-back gives up a healthy replacement that has the newer writes",
    file: "core/decide/linear/roll-back/plan.ts",
    from: "planHeld(input) ??\n  planForward(input)",
    to: "planForward(input)",
    tests: ["test/workflows/linear/return-capacity"],
  },
  {
    name: "roll-back starts the original of a stateful load beside its replacement",
    file: "core/decide/linear/roll-back/plan.ts",
    from: "mustEndFirst(world, volumes) ? planEndFirst(world) : undefined",
    to: "undefined",
    tests: ["test/workflows/linear/left-open"],
  },
  {
    name: "roll-back gives addresses to a stateless original that is not healthy in its groups yet",
    file: "core/decide/linear/roll-back/plan.ts",
    // Each of the two waits alone holds what a living replacement serves; without both nothing does.
    from:
      "??\n      firstWait(groups);\n    if (joined !== undefined) return joined;\n" +
      "    const returns = firstActions(networkReturns(world));\n" +
      "    return returns === undefined ? undefined : (planAnswering(world) ?? returns);",
    to: ";\n    return joined ?? firstActions(networkReturns(world));",
    tests: ["test/core/decide/linear/roll-back/plan.test", "test/workflows/linear/way-back"],
  },
  {
    name: "roll-back takes from its replacement while a stateless original is unhealthy in a group that it has not left",
    file: "core/decide/linear/roll-back/plan.ts",
    from: "(planAnswering(world) ?? returns)",
    to: "returns",
    tests: ["test/core/decide/linear/roll-back/plan.test"],
  },
  {
    name: "roll-back ends a replacement without keeping the root volume that has the newer writes",
    file: "core/decide/linear/roll-back/ending.ts",
    from: "const writes = planKeepingWrites(world, found);",
    to: "const writes = undefined;",
    tests: ["test/workflows/linear/record"],
  },
  {
    name: "what its owner has ended is launched anew",
    file: "core/decide/linear/recovery.ts",
    from: 'standing.by === "USER" ? "OWNER" : "EC2"',
    to: '"EC2"',
    tests: ["test/core/decide/linear/recovery"],
  },
  {
    name: "a notice counts as the end of a Spot Instance",
    file: "core/decide/linear/recovery.ts",
    from: 'if (state === undefined) return { how: "ENDED", by };',
    to: 'if (by !== "OWNER") return { how: "ENDED", by };',
    tests: ["test/core/decide/linear/recovery"],
  },
  {
    name: "a recovery that fails gives up what serves",
    file: "core/decide/linear/roll-back/serving.ts",
    from: "input.isRecovery !== true && ",
    to: "",
    tests: ["test/workflows/linear/recover-failing-calls"],
  },
];
