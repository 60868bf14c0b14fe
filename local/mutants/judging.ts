/** What a verdict rests on and what is remembered after it, each rule taken away. */
import type { Mutant } from "./mutant.ts";

const lasting = ["test/workflows/linear/lasting-failures"];
const keys = ["test/workflows/linear/keys"];

export const judgingMutants: readonly Mutant[] = [
  {
    name: "a key that cannot be used is found out by the launch",
    file: "core/decide/switch/key-findings.ts",
    from: "if (remedy === undefined) return [];",
    to: "if (remedy !== undefined || Date.now() > 0) return [];",
    tests: keys,
  },
  {
    name: "a key policy that leaves the key to IAM is taken to let AWS's role for Spot in",
    file: "lambdas/evaluation/read-keys.ts",
    from: "hasIamPolicies: false",
    to: "hasIamPolicies: true",
    tests: keys,
  },
  {
    name: "the default key, under which a clone is encrypted, is found out by the launch",
    file: "lambdas/evaluation/instance-keys.ts",
    from: ".map(({ volumeId }) => copyOfRoot(volumeId))",
    to: ".flatMap(({ volumeId }) => (Date.now() > 0 ? [] : [copyOfRoot(volumeId)]))",
    tests: keys,
  },
  {
    name: "a quota of snapshots that is used up is found out by the image",
    file: "core/decide/switch/snapshot-room.ts",
    from: "quota - count >= snapshotsOfSwitch",
    to: "quota >= 0 || count >= snapshotsOfSwitch",
    tests: ["test/core/decide/switch/snapshot-room", "test/workflows/linear/snapshot-quota"],
  },
  {
    name: "records that name an address which was lent are not looked for",
    file: "core/decide/linear/old-names.ts",
    from: "lent === undefined ||",
    to: "lent === undefined || Date.now() > 0 ||",
    tests: ["test/core/decide/linear/old-names", "test/workflows/linear/dns-records"],
  },
  {
    name: "what may not be read of a key is told to nobody",
    file: "core/decide/switch/notes.ts",
    from: "notes === undefined ||",
    to: "notes === undefined || Date.now() > 0 ||",
    tests: keys,
  },
  {
    name: "an interruption costs probability ÷ horizon, which falls short with the horizon",
    file: "core/decide/offers/offer-cost.ts",
    from: "version === 1\n    ?",
    to: "version < 3\n    ?",
    tests: ["test/core/decide/offers/offer-cost"],
  },
  {
    name: "a replay judges an older record by the rules of now",
    file: "core/model/judgement-version.ts",
    from: "verdict.judgementVersion ?? 1",
    to: "verdict.judgementVersion ?? 2",
    tests: ["test/lambdas/api/evaluations"],
  },
  {
    name: "a failed attempt is not remembered",
    file: "lambdas/judge/record/step.ts",
    from: "if (!isFailedAttempt(ended)) return (target) => target;",
    to: "if (Date.now() > 0) return (target) => target;",
    tests: lasting,
  },
  {
    name: "whoever asks is held back by an earlier failure too",
    file: "core/decide/switch/failed-attempt.ts",
    from: "input.isAskedFor || failedAttempt === undefined",
    to: "failedAttempt === undefined",
    tests: lasting,
  },
  {
    name: "a failed attempt is not made again when its cause has changed",
    file: "core/decide/switch/failed-attempt.ts",
    from: "return now !== undefined && now !== fact;",
    to: "return false;",
    tests: lasting,
  },
  {
    name: '"Freeze original" does not compare what the replacement was launched with',
    file: "core/decide/linear/revalidation.ts",
    from: "...(isLastLook ? changesOfClone(readings, moves) : []),",
    to: "",
    tests: ["test/workflows/linear/changes-before-the-stop"],
  },
  {
    name: '"Freeze original" takes the target groups of the verdict for those of now',
    file: "lambdas/linear/guards.ts",
    from: "await readTargetGroupsOf(clients.elb, instanceId)",
    to: "before",
    tests: ["test/workflows/linear/changes-before-the-stop"],
  },
  {
    name: "a reservation pays for two that leave at a time",
    file: "core/decide/switch/concurrency.ts",
    from: "judgeReserved(switching, limits, wanted) ??",
    to: "",
    tests: ["test/core/decide/switch/concurrency", "test/workflows/linear/many-at-once"],
  },
  {
    name: "what a neighbour is about to leave counts as used",
    file: "lambdas/evaluation/slot.ts",
    from: "leaves?.instanceId ?? []",
    to: "leaves?.product ?? []",
    tests: ["test/workflows/linear/many-at-once"],
  },
  {
    name: '"Freeze original" does not ask what the pool costs now',
    file: "lambdas/linear/freeze-original/last-look.ts",
    from: "if (isPriced && !isTried) await revalidateOffer(session);",
    to: "",
    tests: ["test/workflows/linear/offer-changes"],
  },
  {
    name: "a step that judges gives up throttled as soon as one that acts",
    file: "statemachines/policies.ts",
    from: "judging: [throttledJudgingRetrier, otherRetrier],",
    to: "judging: [throttledRetrier, otherRetrier],",
    tests: ["test/statemachines/every-workflow", "test/workflows/linear/side-by-side"],
  },
];
