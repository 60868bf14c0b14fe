/** What keeps the customer's data and leaves nothing that we created behind, each rule taken away. */
import type { Mutant } from "./mutant.ts";

const flagTests = ["test/workflows/linear/deletion-flags", "test/workflows/linear/interruptions"];

const unknownTests = ["test/workflows/linear/unknown", "test/core/decide/linear/roll-back"];
const janitorTests = ["test/lambdas/schedule/janitor"];

export const keepingMutants: readonly Mutant[] = [
  {
    name: "a replacement is launched with the owner's deletion flags",
    file: "adapters/aws/ec2/launch-request.ts",
    from: 'keep === "root" ? true : asInSource',
    to: "asInSource",
    tests: ["test/adapters/aws/ec2/launch.test.ts"],
  },
  {
    name: "the replacement's root is deleted with it while the identity moves",
    file: "lambdas/linear/move-identity/step.ts",
    from: "const kept = await keepAsShown(session, replacementId(session), both.show);",
    to: 'const kept = { kind: "KEPT", shown: await both.show() };',
    tests: flagTests,
  },
  {
    name: '"Retire original" does not look at deletion flags',
    file: "lambdas/linear/retire-original/step.ts",
    from: "? keepReplacement(session) :",
    to: '? { kind: "KEPT" } :',
    tests: flagTests,
  },
  {
    name: "deletion flags are set and not read back",
    file: "lambdas/linear/keep-attachments.ts",
    from: "return wouldGo.length === 0",
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
  {
    name: "what EC2 does not show was never made",
    file: "core/decide/switch/launches.ts",
    from: "const unseenMinutes = 5;",
    to: "const unseenMinutes = 0;",
    tests: unknownTests,
  },
  {
    name: "a launch that EC2 says it made, with other parameters, is not waited for",
    file: "lambdas/evaluation/launch-offer.ts",
    from: "if (!hasChanged || !launchedOtherwise(error)) throw error;",
    to: "if (hasChanged || !hasChanged) throw error;",
    tests: ["test/workflows/linear/unknown"],
  },
  {
    name: "what is due is tried again each half-hour for ever",
    file: "core/decide/switch/next-try.ts",
    from: "const share = 0.25;",
    to: "const share = 0;",
    tests: [...janitorTests, "test/core/decide/switch/next-try"],
  },
  {
    name: "a tag entitles to terminate",
    file: "core/decide/switch/launches.ts",
    from: "change.instanceId === instanceId || change.clientToken === clientToken,",
    to: "change.instanceId !== instanceId || change.clientToken === clientToken,",
    tests: unknownTests,
  },
  {
    name: "snapshots of a deregistered image are forgotten",
    file: "core/decide/linear/roll-back/left.ts",
    from: "isOurSnapshot(intents, thing) &&",
    to: "!isOurSnapshot(intents, thing) &&",
    tests: unknownTests,
  },
  {
    name: "a roll-back does not write back what stood where our tags were",
    file: "core/decide/switch/retirement-tags.ts",
    from: 'typeof earlier === "string" && earlier !== value && isOurs',
    to: "false",
    tests: ["test/workflows/linear/before-images"],
  },
  {
    name: "the replacement loses its owner's ManagedBy",
    file: "core/model/tags.ts",
    from: "managedBy === undefined ? {} :",
    to: "managedBy !== undefined ? {} :",
    tests: ["test/workflows/linear/before-images"],
  },
  {
    name: "a roll-back brings back deletion flags as they were at the verdict",
    file: "lambdas/linear/identity/carry-out.ts",
    from: "{ ...move.change, ...found }",
    to: "move.change",
    tests: ["test/workflows/linear/before-images"],
  },
  {
    name: "an original that was used since is terminated",
    file: "core/decide/switch/retirement.ts",
    from: "launchedAt !== retired.launchedAt",
    to: "false",
    tests: janitorTests,
  },
  {
    name: "an original is terminated while its successor fails",
    file: "lambdas/linear/successor.ts",
    from: 'health.kind !== "HEALTHY"',
    to: 'health.kind === "LOST"',
    tests: janitorTests,
  },
  {
    name: "an original that runs again is found when its cool-off is over",
    file: "lambdas/linear/closing.ts",
    from: "{ retryAt: nextWatch(now, change.dueAt) }",
    to: "{}",
    tests: janitorTests,
  },
  {
    name: "an original is terminated with what was attached to it since",
    file: "core/decide/switch/retirement.ts",
    from: "if (brought.length > 0)",
    to: "if (false)",
    tests: janitorTests,
  },
  {
    name: "an original that another deployment has taken is terminated",
    file: "core/decide/switch/retirement.ts",
    from: "tags[deploymentTag] === retired.deploymentId",
    to: "true",
    tests: janitorTests,
  },
  {
    name: "an image is deleted whoever uses it",
    file: "lambdas/linear/expire-image.ts",
    from: "if (keeping !== undefined) return keeping;",
    to: "",
    tests: janitorTests,
  },
  {
    name: "a member that other hands have taken counts as one that we have taken",
    file: "adapters/aws/autoscaling/membership.ts",
    from: 'leftBySomebody("It is no longer a member")',
    to: '{ kind: "DONE" }',
    tests: ["test/workflows/cluster/taken-meanwhile", "test/adapters/aws/autoscaling/membership"],
  },
];
