/** What one evaluation left open is known to the next, and a person's decision is carried out as it was meant. */
import type { Mutant } from "./mutant.ts";

const workflow = "test/workflows/linear/left-open";

export const leftOpenMutants: readonly Mutant[] = [
  {
    name: "an evaluation begins although the one before has left something open",
    file: "adapters/store/leases.ts",
    from: "(await leftOpen?.(begunBy)) === true ? begunBy : undefined",
    to: "undefined",
    tests: ["test/lambdas/api/left-open", workflow],
  },
  {
    name: "who only undoes something is taken for the one that was begun last",
    file: "adapters/store/leases.ts",
    from: "begins === true ? owner : lease?.begunBy",
    to: "owner",
    tests: ["test/adapters/store/leases", workflow],
  },
  {
    name: "an older roll-back undoes what a newer evaluation has done",
    file: "core/decide/linear/roll-back/plan.ts",
    from: "if (supersededBy !== undefined) return",
    to: 'if (supersededBy === "") return',
    tests: ["test/core/decide/linear/roll-back/superseded", workflow],
  },
  {
    name: "an adoption that can't be begun is rolled back",
    file: "lambdas/linear/roll-back/step.ts",
    from: 'resolution?.kind === "ADOPT"',
    to: "resolution === null",
    tests: [workflow],
  },
  {
    name: "an adopted instance has the type of the original",
    file: "lambdas/linear/adopt/step.ts",
    from: "const place = { instanceType, availabilityZone };",
    to: "const place = {};",
    tests: [workflow],
  },
  {
    name: "the janitor ends what another evaluation may need",
    file: "lambdas/evaluation/exclusively.ts",
    from: 'const isHeld = leases.kind === "BUSY";',
    to: "continue;",
    tests: ["test/lambdas/schedule/janitor/take-over"],
  },
  {
    name: "an original that is switched again is retired by two evaluations",
    file: "lambdas/linear/prepare-image/step.ts",
    from: 'if (purpose === "warm") await takeOverRetirement(session, original);',
    to: "",
    tests: ["test/lambdas/schedule/janitor/take-over"],
  },
  {
    name: "a resumed switch meets deadlines that have passed",
    file: "lambdas/evaluation/resolve.ts",
    from: "waits: {},",
    to: "waits: record.waits,",
    tests: [workflow],
  },
  {
    name: "a repeated roll-back counts its hour from the first",
    file: "lambdas/evaluation/undo-loop.ts",
    from: "[begun, lastResolution(evaluation)?.at]",
    to: "[begun]",
    tests: ["test/lambdas/evaluation/undo-loop", workflow],
  },
  {
    name: "what a dead execution has set at a group stays until a person comes",
    file: "core/model/intent.ts",
    from: '(isSettingChange(change) && (isOpen || status === "COMMITTED"))',
    to: '(isSettingChange(change) && !isOpen && status === "COMMITTED")',
    tests: ["test/workflows/cluster/left-settings", "test/core/model/due-time"],
  },
  {
    name: "what a dead execution has written on nodes stays until a person comes",
    file: "core/model/intent.ts",
    from: "(isMarkChange(change) && isOpen)",
    to: "(isMarkChange(change) && !isOpen)",
    tests: ["test/core/model/due-time"],
  },
  {
    name: "the janitor goes on with a pair whose marks it takes off",
    file: "core/decide/kubernetes/undo/left-marks.ts",
    from: 'found.find((next) => next?.kind === "ACT" && onMarks.has(next.action.kind)) ??',
    to: 'found.find((next) => next?.kind === "ACT") ??',
    tests: ["test/workflows/kubernetes/left-marks"],
  },
  {
    name: "the size that somebody else has set above ours is taken for ours",
    file: "core/decide/kubernetes/surplus.ts",
    from: "desiredCapacity !== before + 1",
    to: "desiredCapacity < before + 1",
    tests: ["test/core/decide/kubernetes/surplus"],
  },
  {
    name: "the janitor puts back settings of a group beside its evaluation",
    file: "lambdas/cluster/restore-setting.ts",
    from: 'if (ended.kind === "DONE") return ended.result;',
    to: 'if (ended.kind === "DONE" || ended.isHeld) return restoreAll(session, kind);',
    tests: ["test/workflows/cluster/left-settings"],
  },
  {
    name: "a maximum is raised again for a policy that has taken the room",
    file: "core/decide/cluster/maximum.ts",
    from: "if (isOurs && asked > raised.maxOriginal) {",
    to: "if (isOurs && asked > raised.maxRaised) {",
    tests: ["test/workflows/cluster/left-settings", "test/core/decide/cluster/removal"],
  },
];
