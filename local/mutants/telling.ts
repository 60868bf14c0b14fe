/** What is told of Spot, and what becomes of it, each rule taken away. */
import type { Mutant } from "./mutant.ts";

const heardTests = ["test/lambdas/interruption"];
const responseTests = ["test/workflows/cluster/response.test.ts"];

export const tellingMutants: readonly Mutant[] = [
  {
    name: "a loss of a LAB account is held against its pool",
    file: "lambdas/interruption/receive/remember.ts",
    from: 'if (account.environment !== "PROD") return "NOT_PROD";',
    to: "",
    tests: heardTests,
  },
  {
    name: "a loss under an experiment is held against its pool",
    file: "lambdas/interruption/receive/remember.ts",
    from: 'if (isUnderExperiment(experiments, warning.at)) return "UNDER_EXPERIMENT";',
    to: "",
    tests: heardTests,
  },
  {
    name: "what its owner's price or an experiment takes is taken for the pool's",
    file: "lambdas/interruption/receive/remember.ts",
    from: 'return isPools || isUntold ? { pool: request.pool } : "NOT_TAKEN_BY_POOL";',
    to: "return { pool: request.pool };",
    tests: heardTests,
  },
  {
    name: "an event that failed is taken for dealt with",
    file: "lambdas/interruption/receive/step.ts",
    from: 'outcome === "FAILED" || response === "AWAITED";',
    to: "false;",
    tests: heardTests,
  },
  {
    name: "an end of what another evaluation works on is not answered once that has ended",
    file: "lambdas/interruption/receive/step.ts",
    from: 'outcome === "FAILED" || response === "AWAITED";',
    to: 'outcome === "FAILED";',
    tests: heardTests,
  },
  {
    name: "an event is kept alone, and nobody answers it",
    file: "lambdas/interruption/receive/step.ts",
    from: "respond(context, event, known),",
    to: 'Promise.resolve("NO_TARGET" as const),',
    tests: heardTests,
  },
  {
    name: "a recovery that goes on already is waited for",
    file: "lambdas/interruption/receive/respond.ts",
    from: "if (answered !== undefined) return answered;",
    to: "",
    tests: heardTests,
  },
  {
    name: "a clock that is ahead puts a loss into the future",
    file: "lambdas/interruption/receive/read-event.ts",
    from: "Math.min(Date.parse(time), now.getTime())",
    to: "Date.parse(time)",
    tests: heardTests,
  },
  {
    name: "our bus stays open to accounts that are disabled",
    file: "lambdas/interruption/open-bus/step.ts",
    from: '.filter(({ status }) => status !== "DISABLED")',
    to: "",
    tests: heardTests,
  },
  {
    name: "our bus takes events of any source",
    file: "lambdas/interruption/open-bus/bus-policy.ts",
    from: 'Condition: { StringLike: { "events:source": "aws.*" } },',
    to: "",
    tests: heardTests,
  },
  {
    name: "two hundred instances that a pool takes at once are two hundred losses",
    file: "core/risk/distinct-losses.ts",
    from: "const togetherMs = 3 * 60_000;",
    to: "const togetherMs = 0;",
    tests: ["test/core/risk/distinct-losses.test.ts"],
  },
  {
    name: "what the pool takes is taken for its owner's end",
    file: "core/model/spot-status.ts",
    from: '"no-capacity": "POOL",',
    to: '"no-capacity": "USER",',
    tests: ["test/core/model/spot-status.test.ts"],
  },
  {
    name: "a group's member is launched anew though it has ended, beside the group's own",
    file: "lambdas/evaluation/respond.ts",
    from: "context.now().getTime() - Date.parse(announcedAt) < noticeMs",
    to: "true",
    tests: responseTests,
  },
  {
    name: "a group of which EC2 takes a member waits for EC2's checks of the other",
    file: "lambdas/cluster/replacements.ts",
    from: "if (!isRecovery(session.evaluation)) return false;",
    to: "return false;",
    tests: responseTests,
  },
  {
    name: "whom EC2 takes is offered the pool that takes it",
    file: "core/decide/cluster/due.ts",
    from: 'standing: { kind: "INTERRUPTED" }, ...(pool === undefined ? {} : { pool })',
    to: 'standing: { kind: "INTERRUPTED" }',
    tests: responseTests,
  },
  {
    name: "the group's own replacement stays beside ours",
    file: "core/decide/cluster/removal.ts",
    from: "launchedSince(group, { intents, since })[0]?.instanceId",
    to: "originalId",
    tests: ["test/core/decide/cluster/removal"],
  },
  {
    name: "what EC2 takes of a group waits for its owner's windows and freezes",
    file: "lambdas/cluster/plan-batch/step.ts",
    from: "isTaken ? undefined : await occasionNow(session)",
    to: "await occasionNow(session)",
    tests: responseTests,
  },
];
