/** How parts move and how the root volume does: each rule taken away. */
import type { Mutant } from "./mutant.ts";

const manyParts = ["test/workflows/linear/many-parts"];
const rootTests = [
  "test/workflows/linear/move-root",
  "test/workflows/linear/failing-calls-move-root",
];

export const movingMutants: readonly Mutant[] = [
  {
    name: "parts move one after the other",
    file: "core/decide/linear/paces.ts",
    from: "export const alikeCallsAtOnce = 25;",
    to: "export const alikeCallsAtOnce = 1;",
    tests: manyParts,
  },
  {
    name: "the deadline of moving runs from its beginning",
    file: "lambdas/evaluation/waiting.ts",
    from: "progress.reached <= (wait.reached ?? -1)",
    to: "true",
    tests: manyParts,
  },
  {
    name: "clients reach the replacement before its volumes are there",
    file: "lambdas/linear/identity/carry-out.ts",
    from: "if (isHeldBack(standings, due)) return false;",
    to: "",
    tests: [...manyParts, "test/workflows/linear/switched"],
  },
  {
    name: "the root moves to where its old one's deletion flag would delete it",
    file: "lambdas/linear/move-root/begin.ts",
    from: "const doubt = await keepAttachments(session);\n  return doubt ??",
    to: "await Promise.resolve();\n  return",
    tests: rootTests,
  },
  {
    name: "a root that EC2 refused is not brought back",
    file: "lambdas/linear/move-root/step.ts",
    from: "const sentence = await bringRootBack(session, original, root);",
    to: "const sentence = undefined;",
    tests: rootTests,
  },
  {
    name: "roll-back ends the replacement while EC2 may still move the root",
    file: "core/decide/linear/roll-back/ending.ts",
    from: 'world.rootTask === "OPEN" &&',
    to: "false &&",
    tests: ["test/core/decide/linear/roll-back/moved-root"],
  },
  {
    name: "roll-back makes the original's root deletable with the replacement",
    file: "core/decide/linear/roll-back/ending.ts",
    from: "!moved.includes(volumeId),",
    to: "true,",
    tests: ["test/core/decide/linear/roll-back/moved-root"],
  },
  {
    name: "a task that is failing is taken for failed",
    file: "core/decide/linear/root-move.ts",
    from: '"failed-detached": "FAILED_DETACHED",',
    to: '"failed-detached": "FAILED_DETACHED",\n  failing: "FAILED",',
    tests: ["test/core/decide/linear/root-move"],
  },
];
