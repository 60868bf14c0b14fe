/** When a switch is made, how many at a time, and whether the application was asked: each rule taken away. */
import type { Mutant } from "./mutant.ts";

const timeTests = ["test/workflows/linear/right-time"];
const windowTests = ["test/core/decide/switch/maintenance", "test/core/decide/switch/openings"];
const numberTests = ["test/workflows/linear/many-at-once"];
const claimTests = ["test/workflows/linear/claims"];
const hookTests = ["test/workflows/linear/hooks"];
const proofTests = ["test/workflows/linear/proofs"];

export const timingMutants: readonly Mutant[] = [
  {
    name: "windows, freezes and the budget are not looked at with the verdict",
    file: "core/decide/switch/occasion.ts",
    from: "if (!callsForAction(verdict)) return verdict;",
    to: "if (verdict.judgedAt !== undefined) return verdict;",
    tests: timeTests,
  },
  {
    name: "the freeze does not look again whether this is the time",
    file: "lambdas/linear/freeze-original/step.ts",
    from: "stop === undefined ? await notNow(session) : undefined",
    to: "undefined as Awaited<ReturnType<typeof notNow>>",
    tests: [...timeTests, ...numberTests],
  },
  {
    name: "a window opens at the second of two times that the clock shows alike",
    file: "core/decide/switch/wall-clock.ts",
    from: "Math.min(...shown)",
    to: "Math.max(...shown)",
    tests: windowTests,
  },
  {
    name: "a window opens before a time that the clocks leave out",
    file: "core/decide/switch/wall-clock.ts",
    from: "changeBetween(timeZone, wall - after, wall - before)",
    to: "wall - after",
    tests: windowTests,
  },
  {
    name: "a measured downtime is not kept for the budget",
    file: "lambdas/judge/record/step.ts",
    from: "seconds > 0 && !isRecovery(evaluation)",
    to: "seconds < 0 && !isRecovery(evaluation)",
    tests: timeTests,
  },
  {
    name: "any number of switches begins",
    file: "core/decide/switch/concurrency.ts",
    from: "if (running.length < most) return undefined;",
    to: "if (most > 0) return undefined;",
    tests: numberTests,
  },
  {
    name: "a place is kept for ever by an execution that died",
    file: "lambdas/evaluation/slot.ts",
    from: "switching.running.filter((_, index) => alive[index])",
    to: "switching.running.filter((_, index) => alive[index] !== undefined)",
    tests: numberTests,
  },
  {
    name: "a roll-back with a downtime stops nothing",
    file: "core/decide/switch/concurrency.ts",
    from: "if (alike.length < 2 && !last.wasDown) return undefined;",
    to: "if (alike.length < 2) return undefined;",
    tests: numberTests,
  },
  {
    name: "the application is not asked before anything is made",
    file: "lambdas/linear/prepare-image/step.ts",
    from: "if (notYet !== undefined) return notYet;",
    to: "",
    tests: proofTests,
  },
  {
    name: "the application is not asked once the identity has moved",
    file: "lambdas/linear/verify/step.ts",
    from: "const unproved = unprovedIn(proofs);",
    to: "const unproved = unprovedIn([]);",
    tests: proofTests,
  },
  {
    name: "a retired original ends though its successor's application does not answer",
    file: "lambdas/linear/successor.ts",
    from: "const sentence = unprovedIn(readings);",
    to: "const sentence = unprovedIn(readings.slice(readings.length));",
    tests: ["test/lambdas/schedule/janitor/proofs"],
  },
  {
    name: "what another deployment has claimed meanwhile is switched all the same",
    file: "core/decide/linear/revalidation.ts",
    from: "...claimChanges(readings, moves),",
    to: "",
    tests: claimTests,
  },
  {
    name: "a switch claims nothing",
    file: "lambdas/linear/prepare-image/step.ts",
    from: 'if (purpose === "warm") await claimOriginal(session, original);',
    to: "",
    tests: claimTests,
  },
  {
    name: "a claim is left on the original for good",
    file: "lambdas/linear/retire-original/step.ts",
    from: "if (isStopped) await releaseClaim(session);",
    to: "",
    tests: claimTests,
  },
  {
    name: "alarms that were OK before the replacement served prove it",
    file: "core/decide/switch/proof.ts",
    from: "servesSince === undefined ? [] : [servesSince]",
    to: "servesSince === undefined ? [] : []",
    tests: ["test/workflows/linear/alarms"],
  },
  {
    name: "the original is stopped without waiting for the owner's hook",
    file: "lambdas/linear/freeze-original/step.ts",
    from: "if (hook !== undefined) return hook;",
    to: "",
    tests: hookTests,
  },
  {
    name: "a hook that failed stops nothing",
    file: "lambdas/linear/hooks.ts",
    from: 'if (standing.kind === "SUCCEEDED") return undefined;',
    to: 'if (standing.kind === "SUCCEEDED" || standing.kind === "FAILED") return undefined;',
    tests: hookTests,
  },
  {
    name: "a hook that may have run is run again",
    file: "core/decide/switch/command.ts",
    from: 'effects.every(({ outcome }) => outcome === "REFUSED")',
    to: 'effects.every(({ outcome }) => outcome !== "DONE")',
    tests: hookTests,
  },
  {
    name: "clients reach a replacement that has not proved itself on its final root",
    file: "lambdas/linear/move-identity/step.ts",
    from: "return sentence === undefined\n    ?",
    to: "return proofs.length > 0\n    ?",
    tests: hookTests,
  },
  {
    name: "a stateless replacement does not prove itself when it is healthy",
    file: "lambdas/linear/await-healthy/step.ts",
    from: 'consistency === "stateless"',
    to: 'consistency !== "stateless"',
    tests: hookTests,
  },
];
