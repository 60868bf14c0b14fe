/** Rules of what stands on Spot and is judged by each sweep, and of what goes back to it, each taken away. */
import type { Mutant } from "./mutant.ts";

const choice = ["test/core/decide/linear/choice-for-move"];
const backoff = ["test/core/decide/switch/spot-backoff"];
const returns = ["test/core/decide/fleet/returns"];
const moves = ["test/workflows/linear/moves.test"];

export const stayingMutants: readonly Mutant[] = [
  {
    name: "a sweep takes what an evaluation has put into a group for its owner's",
    file: "lambdas/fleet/place.ts",
    from: "...(placed !== undefined && { placed }),",
    to: "",
    tests: ["test/lambdas/schedule/sweep-place/groups-on-spot"],
  },
  {
    name: "what stands on Spot is moved without its owner's consent",
    file: "core/decide/linear/choice-for-move.ts",
    from: '|| verdict.kind !== "SWITCH") return verdict;',
    to: '|| verdict.kind === "SWITCH") return verdict;',
    tests: choice,
  },
  {
    name: "what stands on Spot is offered the pool that it has",
    file: "core/decide/linear/choice-for-move.ts",
    from: "offer.rejection === undefined && isOwn(need, offer)",
    to: "offer.rejection !== undefined && isOwn(need, offer)",
    tests: choice,
  },
  {
    name: "what stands on Spot moves sooner than after six hours",
    file: "core/decide/offers/dwell.ts",
    from: "Math.max(",
    to: "Math.min(",
    tests: choice,
  },
  {
    name: "an earlier failure does not hold back a way to On-Demand that nobody asked for",
    file: "core/decide/switch/failed-attempt.ts",
    from: "judgementVersionOf(verdict) < 7",
    to: "judgementVersionOf(verdict) < 8",
    tests: choice,
  },
  {
    name: "the back-off does not grow with each loss",
    file: "core/decide/switch/spot-backoff.ts",
    from: "before === undefined || wasCalm ? 1",
    to: "before !== undefined || wasCalm ? 1",
    tests: backoff,
  },
  {
    name: "the back-off never begins anew",
    file: "core/decide/switch/spot-backoff.ts",
    from: ">= calmHours",
    to: ">= calmHours * 1e6",
    tests: backoff,
  },
  {
    name: "the back-off does not take the place of the dwell time",
    file: "core/decide/linear/verdict.ts",
    from: "!isLastMoveRecovery(facts.backoff, lastSwitchAt)",
    to: "facts.backoff !== lastSwitchAt",
    tests: choice,
  },
  {
    name: "all that EC2 took goes back to Spot at once",
    file: "core/decide/fleet/returns.ts",
    from: "running + chosen.size >= mostAtOnce",
    to: "running + chosen.size >= mostAtOnce * 100",
    tests: returns,
  },
  {
    name: "more than a third of what fell from a pool goes back in an hour",
    file: "core/decide/fleet/returns.ts",
    from: "|| before >= mostOf(pool)",
    to: "|| before >= mostOf(pool) * 3",
    tests: returns,
  },
  {
    name: "a move that failed delays a recovery",
    file: "lambdas/evaluation/recovery-attempt.ts",
    from: "evaluation !== undefined && isRecovery(evaluation)",
    to: "evaluation !== undefined",
    tests: moves,
  },
  {
    name: "what was launched is kept for a person where EC2 takes the other before clients have come",
    file: "core/decide/linear/roll-back/plan.ts",
    from: "if (trafficMoves(intents).length === 0) return planRecovered(input);",
    to: "if (trafficMoves(intents).length < 0) return planRecovered(input);",
    tests: moves,
  },
];
