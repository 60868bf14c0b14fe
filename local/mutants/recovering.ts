/** What holds the recovery of a load with data whose Spot Instance EC2 took: each rule taken away. */
import type { Mutant } from "./mutant.ts";

const recovered = ["test/workflows/linear/recover-data.test.ts"];
const badDays = ["test/workflows/linear/recover-data-bad-days"];
const inTime = ["test/workflows/linear/recover-in-time"];
const lastWords = ["test/workflows/linear/recover-last-words"];
const kept = ["test/workflows/linear/recover-kept.test.ts"];
const failing = ["test/workflows/linear/recover-data-failing-calls"];

export const recoveringMutants: readonly Mutant[] = [
  {
    name: "a kept original is started for a load with data",
    file: "core/decide/linear/kept-original.ts",
    from: 'consistency === "stateless" &&\n',
    to: "consistency.length > 0 &&\n",
    tests: kept,
  },
  {
    name: "a kept original is started although its owner uses it",
    file: "core/decide/linear/kept-original.ts",
    from: 'return rest.kind === "RESTS" && use === undefined;',
    to: "return true;",
    tests: kept,
  },
  {
    name: "a kept original is started while the janitor may end it",
    file: "lambdas/linear/kept-original.ts",
    from: '? { ...stored, status: "SETTLED", change: { ...stored.change, takenBy } }',
    to: "? { ...stored, change: { ...stored.change, takenBy } }",
    tests: kept,
  },
  {
    name: "a kept original that is not proved runs on",
    file: "lambdas/linear/kept-original.ts",
    from: "  await stopAgain(session, taking.instanceId);\n",
    to: "",
    tests: kept,
  },
  {
    name: "a kept original that was given back is never ended",
    file: "lambdas/linear/kept-original.ts",
    from: "  await giveBackRetirement(session, taking, found.launchedAt);\n",
    to: "",
    tests: kept,
  },
  {
    name: "a recovery launches by another call though a fleet may have launched already",
    file: "lambdas/evaluation/launch-fleet.ts",
    from: 'answer.kind === "NOT_BY_FLEET" && unknown !== undefined',
    to: 'answer.kind !== "NOT_BY_FLEET" && unknown === undefined && id === ""',
    tests: ["test/workflows/linear/recover-fleet"],
  },
  {
    name: "an instance is ended before EC2 does although its hook has not succeeded",
    file: "lambdas/linear/end-spot/step.ts",
    from: "(await quiesceTaken(session)) && endSooner(session)",
    to: "((await quiesceTaken(session)) || true) && endSooner(session)",
    tests: lastWords,
  },
  {
    name: "an instance is ended before EC2 does in the hour that EC2 does not bill",
    file: "core/decide/linear/last-words.ts",
    from: "const freeMs = 3_600_000;",
    to: "const freeMs = 0;",
    tests: lastWords,
  },
  {
    name: "what its owner's hook could write is lost with an instance whose host is late",
    file: "lambdas/linear/await-healthy/step.ts",
    from: "if (isRecovery(evaluation) && takesDataBack(evaluation)) await quiesceAtLast(session);",
    to: "",
    tests: lastWords,
  },
  {
    name: "a hook that fails ends the recovery",
    file: "lambdas/linear/last-words.ts",
    from: "if (!isOfHook(error)) throw error;",
    to: "throw error;",
    tests: lastWords,
  },
  {
    name: "EC2's checks are waited for although a load balancer would prove it before the end",
    file: "core/decide/linear/taking-over.ts",
    from: 'groups !== "NONE" || isLast',
    to: "isLast",
    tests: inTime,
  },
  {
    name: "what nothing has proved is given the address a minute before the end",
    file: "core/decide/linear/taking-over.ts",
    from: "const lastMs = 10_000;",
    to: "const lastMs = 60_000;",
    tests: inTime,
  },
  {
    name: "the address goes to what its owner's document has found not to work",
    file: "core/decide/linear/taking-over.ts",
    from: "if (unproved !== undefined) return unproved;",
    to: "if (unproved !== undefined && !isLast) return unproved;",
    tests: inTime,
  },
  {
    name: "an end that comes earlier than announced is not seen",
    file: "lambdas/linear/taking-over.ts",
    from: "return isGone(await readInstanceState(ec2, subject.instanceId));",
    to: "return isGone(await readInstanceState(ec2, subject.instanceId)) && false;",
    tests: inTime,
  },
  {
    name: "the downtime ends with the move, though nothing has proved it",
    file: "lambdas/linear/verify/step.ts",
    from: "return (await isProvable(session))",
    to: "return (await isProvable(session)) || true",
    tests: inTime,
  },
  {
    name: "the host of a recovery with data can be reached, and works, before it has the load's root",
    file: "lambdas/linear/launch/anew.ts",
    from: "isHost ? await isolated(session, kept) : kept",
    to: "kept",
    tests: recovered,
  },
  {
    name: "user data run once more on the root of what was lost",
    file: "lambdas/linear/launch/anew.ts",
    from: "isHost ? readLaunchOfHost : readKeptLaunch",
    to: "readKeptLaunch",
    tests: recovered,
  },
  {
    name: "a host boots on the load's root before its data volumes are there",
    file: "lambdas/linear/move-root/begin.ts",
    from: "takesDataBack(session.evaluation) ? await bringDataVolumes(session) : undefined",
    to: "undefined",
    tests: recovered,
  },
  {
    name: "a zone without room is not left although an image could carry the root",
    file: "core/decide/linear/choice-for-lost.ts",
    from: "...far.slice(0, ",
    to: "...far.slice(far.length, ",
    tests: recovered,
  },
  {
    name: "the data are given to a host although their owner has made the load anew",
    file: "lambdas/linear/end-spot/step.ts",
    from: "if (isRecovery(session.evaluation)) await refuseOwnersReplacement(session);",
    to: "",
    tests: badDays,
  },
  {
    name: "a way back waits for its image while EC2 takes what it is to leave",
    file: "lambdas/linear/prepare-image/step.ts",
    from: "if (takesDataBack(evaluation)) await giveWayToRecovery(session);",
    to: "",
    tests: badDays,
  },
  {
    name: "a host that EC2 takes while the lost one lives on ends the recovery",
    file: "lambdas/linear/await-healthy/step.ts",
    from: "if (!isRecovery(evaluation) && ",
    to: "if (",
    tests: badDays,
  },
  {
    name: "what is on its way to a host is given up with that",
    file: "core/decide/linear/roll-back/forward.ts",
    from: "if (!intents.some(bringsRoot)) return undefined;",
    to: "if (intents.length > 0) return undefined;",
    tests: ["test/core/decide/linear/roll-back/forward"],
  },
  {
    name: "what serves from an image of the root is left for the root as it was before",
    file: "core/decide/linear/roll-back/forward.ts",
    from: "intents.some(isByImage) ||",
    to: "",
    tests: ["test/core/decide/linear/roll-back/forward"],
  },
  {
    name: "the own root of a host that is given up stays behind",
    file: "core/decide/linear/roll-back/recovered.ts",
    from: "planOwnRoot(input, found) ??",
    to: "",
    tests: failing,
  },
  {
    name: "the image from which a recovery would start is deleted while the load stands on Spot",
    file: "lambdas/linear/expire-image.ts",
    from: "return last?.imageId === imageId && !last.isOnDemand;",
    to: "return last === undefined;",
    tests: ["test/lambdas/schedule/janitor/images"],
  },
];
