/** Rules of the record, each taken away. */
import type { Mutant } from "./mutant.ts";

export const recordMutants: readonly Mutant[] = [
  {
    name: "a call whose answer was lost is recorded as refused",
    file: "lambdas/evaluation/perform.ts",
    from: "return wasRefused(error)",
    to: "return true",
    tests: ["test/lambdas/evaluation/perform", "test/workflows/linear/left-open"],
  },
  {
    name: "the answer to another call counts as that of the call that is recorded",
    file: "lambdas/evaluation/perform.ts",
    from: "(actionOf(error) ?? call.action) !== call.action",
    to: "false",
    tests: ["test/lambdas/evaluation/perform"],
  },
  {
    name: "our own table's refusal counts as AWS's",
    file: "lambdas/evaluation/undo-round.ts",
    from: "!error.isOwn;",
    to: "true;",
    tests: ["test/lambdas/evaluation/undo-loop"],
  },
  {
    name: "the downtime of a roll-back lasts until all is tidied up",
    file: "core/decide/linear/roll-back/restored.ts",
    from: 'if (original?.state !== "running") return false;',
    to: "if (original === undefined || input.images.length > 0 || input.replacements.length > 0) return false;",
    tests: ["test/workflows/linear/record"],
  },
  {
    name: "a round of a roll-back that fails forgets what it saw",
    file: "lambdas/linear/roll-back/step.ts",
    from: "await noteOfFailed(session, sightings);",
    to: "",
    tests: ["test/workflows/linear/record"],
  },
  {
    name: "a downtime is stated only where the stop was answered",
    file: "core/decide/linear/downtime.ts",
    from: "return hasActed || firstOf(alone, starts) !== undefined ? asked.at : undefined;",
    to: "return hasActed ? asked.at : undefined;",
    tests: ["test/core/decide/linear/downtime", "test/workflows/linear/record"],
  },
  {
    name: "a target that can't follow keeps the record from ending",
    file: "lambdas/judge/record/step.ts",
    from: 'familyOf(error) !== "Broken") throw error;',
    to: "true) throw error;",
    tests: ["test/workflows/linear/record"],
  },
  {
    name: "the replacement is not read again before the switch is recorded",
    file: "lambdas/linear/closing.ts",
    from: 'return ending.kind === "DONE" && failure === undefined',
    to: "return false",
    tests: ["test/workflows/linear/record"],
  },
  {
    name: "the target keeps the type of the original",
    file: "lambdas/linear/closing.ts",
    from: "      instanceType: pool.instanceType,\n",
    to: "",
    tests: ["test/workflows/linear/switched"],
  },
  {
    name: "an evaluation that gave its lease back takes it again",
    file: "adapters/store/leases.ts",
    from: 'if (!isHolding(lease, request)) return { kind: "LOST", lease };\n    const { fence, expiresAt } = lease;',
    to: 'if (lease === undefined) return { kind: "LOST", lease };\n    const { fence, expiresAt } = lease;',
    tests: ["test/lambdas/evaluation/lease", "test/adapters/store/leases"],
  },
  {
    name: "a step runs though its evaluation has ended",
    file: "lambdas/evaluation/evaluation-step.ts",
    from: "if (hasEnded(opened.evaluation)) return",
    to: "if (false) return",
    tests: ["test/lambdas/evaluation/evaluation-step"],
  },
  {
    name: "a loss counts each time that it is seen",
    file: "adapters/store/pools.ts",
    from: "return there?.data ?? { at };",
    to: "return { ...there?.data, at };",
    tests: ["test/adapters/store/pools"],
  },
];
