/** Who is held while replacements of a group are on their way, how they are let go, and how zones end: each rule taken away. */
import type { Mutant } from "./mutant.ts";

const workflowTests = ["test/workflows/cluster/held"];
const zoneTests = ["test/workflows/cluster/zones"];
const coreTests = ["test/core/decide/cluster/hold"];

export const holdingMutants: readonly Mutant[] = [
  {
    name: "members in service are not held before an attach",
    file: "core/decide/cluster/hold.ts",
    from: 'lifecycleState === "InService" && !protectedFromScaleIn',
    to: "lifecycleState === protectedFromScaleIn.toString()",
    tests: workflowTests,
  },
  {
    name: "members are held though workers protect themselves",
    file: "core/decide/cluster/hold.ts",
    from: "const fewestWorkers = 2;",
    to: "const fewestWorkers = 1000;",
    tests: coreTests,
  },
  {
    name: "a refresh waits for those who are held",
    file: "lambdas/cluster/release.ts",
    from: "runningRefreshes(await describeRefreshes(autoScaling, asgName)).length > 0",
    to: "runningRefreshes(await describeRefreshes(autoScaling, asgName)).length > 1000",
    tests: workflowTests,
  },
  {
    name: "a roll-back releases who is held while replacements are on their way",
    file: "core/decide/cluster/undo/settings.ts",
    from: "const joinsWithinMs = 60_000;",
    to: "const joinsWithinMs = -1;",
    tests: workflowTests,
  },
  {
    name: "the first protection that AWS does not take off stops the others",
    file: "core/decide/cluster/undo/plan.ts",
    from: "plans.find((plan) => unlessRefused(input, plan) !== undefined)",
    to: "unlessRefused(input, plans[0])",
    tests: coreTests,
  },
  {
    name: "replacements are attached while the group follows a change of its size",
    file: "lambdas/cluster/attach/sizes.ts",
    from: "change !== undefined || size > desiredCapacity",
    to: "size < 0",
    tests: workflowTests,
  },
  {
    name: "an original leaves though zones are uneven without it",
    file: "core/decide/cluster/removal.ts",
    from: "judgeBalance(input) ?? ",
    to: "",
    tests: zoneTests,
  },
  {
    name: "a replacement is detached though zones are uneven without it",
    file: "core/decide/cluster/undo/pairs.ts",
    from: "if (instead !== undefined) return instead;",
    to: "",
    tests: zoneTests,
  },
  {
    name: "a replacement in whose stead another one left is detached as well",
    file: "core/decide/cluster/undo/pairs.ts",
    from: "if (attach === undefined) {",
    to: "if (attach === undefined && Date.now() < 0) {",
    tests: ["test/core/decide/cluster/undo/plan"],
  },
  {
    name: "a refresh waits for replacements that are protected until their originals have left",
    file: "lambdas/cluster/release.ts",
    from: "await releaseAll(session, open);",
    to: "",
    tests: ["test/workflows/cluster/field-days-later"],
  },
];
