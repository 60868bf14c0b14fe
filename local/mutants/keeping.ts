/** What keeps the customer's data and leaves nothing that we created behind, each rule taken away. */
import type { Mutant } from "./mutant.ts";

const flagTests = ["test/workflows/linear/deletion-flags", "test/workflows/linear/interruptions"];

export const keepingMutants: readonly Mutant[] = [
  {
    name: "a replacement is launched with the owner's deletion flags",
    file: "adapters/aws/ec2/launch-request.ts",
    from: 'keep === "root" ? true : asInSource',
    to: "asInSource",
    tests: ["test/workflows/linear/interruptions"],
  },
  {
    name: "the replacement's root is deleted with it while the identity moves",
    file: "lambdas/linear/move-identity/step.ts",
    from: "const atRisk = await keepAttachments(session);",
    to: "const atRisk = undefined;",
    tests: flagTests,
  },
  {
    name: '"Retire original" does not look at deletion flags',
    file: "lambdas/linear/retire-original/step.ts",
    from: "keepAttachments(session);",
    to: "undefined;",
    tests: flagTests,
  },
  {
    name: "deletion flags are set and not read back",
    file: "lambdas/linear/keep-attachments.ts",
    from: "return left.length === 0",
    to: "return true",
    tests: flagTests,
  },
  {
    name: "a target is forgotten with its owner's deletion flags",
    file: "lambdas/api/target-registration.ts",
    from: 'deletionFlags === "return" ? await returnFlags(context, target) : []',
    to: "[]",
    tests: flagTests,
  },
];
