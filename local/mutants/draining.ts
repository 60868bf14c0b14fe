/** No pod of a node is hurt by its replacement, and no node is ended, or given back, before its time. */
import type { Mutant } from "./mutant.ts";

const drain = "test/core/decide/kubernetes/drain";
const undo = "test/core/decide/kubernetes/undo";
const join = "test/core/decide/kubernetes/join";
const folder = "core/decide/kubernetes";

export const drainingMutants: readonly Mutant[] = [
  {
    name: "a budget whose status is behind is believed",
    file: `${folder}/drain/budget-room.ts`,
    from: "Math.min(budget.disruptionsAllowed, spare)",
    to: "budget.disruptionsAllowed",
    tests: [drain],
  },
  {
    name: "pods without a budget all go at once",
    file: `${folder}/drain/choose.ts`,
    from: "if (room.left > 0) return evictionOf(found, undefined);",
    to: "if (room.left > -100) return evictionOf(found, undefined);",
    tests: [drain],
  },
  {
    name: "a webhook's pods go before those that need it",
    file: `${folder}/drain/order.ts`,
    from: 'if (webhookServices.some((service) => serves(pod, service))) return "SERVANTS";',
    to: "",
    tests: [drain],
  },
  {
    name: "what is made again where no pod is left to evict is not looked at",
    file: `${folder}/drain/scope.ts`,
    from: "...evictedFrom]",
    to: "]",
    tests: [drain],
  },
  {
    name: "pods are evicted on while a replacement finds no place",
    file: `${folder}/drain/pass.ts`,
    from: "lacking[0]?.blocker.sentence : capacity.sentence",
    to: "undefined : capacity.sentence",
    tests: [drain],
  },
  {
    name: "a node is ended while its replacement does not stand",
    file: `${folder}/drain/pass.ts`,
    from: "looked.left.length > 0 || hold !== undefined",
    to: "looked.left.length > 0",
    tests: [drain],
  },
  {
    name: "a replacement that is never made is not missed",
    file: `${folder}/drain/workloads.ts`,
    from: "missing > 0 && makesAnew(before.key)",
    to: "missing > 1000 && makesAnew(before.key)",
    tests: [drain],
  },
  {
    name: "one look is enough to say drained",
    file: `${folder}/drain/pass.ts`,
    from: "secondsSince(now, state.emptySince ?? now) >= betweenEmptySeconds",
    to: "state.emptySince !== undefined",
    tests: [drain],
  },
  {
    name: "a silent node is drained on its silence alone",
    file: `${folder}/drain/node-pods.ts`,
    from: "const isDead = isImpaired && notReadySeconds > silentSeconds;",
    to: "const isDead = notReadySeconds > silentSeconds;",
    tests: [drain, undo],
  },
  {
    name: "a disruption that was spent for nothing is spent again at once",
    file: `${folder}/drain/choose.ts`,
    from: "room.atFirst <= 0 || isSpent(memory, name, now)",
    to: "room.atFirst <= 0",
    tests: [drain],
  },
  {
    name: "one webhook's refusal pauses all",
    file: `${folder}/drain/replies.ts`,
    from: 'case "THROTTLED":',
    to: 'case "DENIED":\n      return { state, memory: pause(memory, 60, now) };\n    case "THROTTLED":',
    tests: [drain],
  },
  {
    name: "a node that was uncordoned by its owner is drained on",
    file: `${folder}/claims.ts`,
    from: "return isUnschedulable\n",
    to: "return isUnschedulable || claim !== undefined\n",
    tests: [drain],
  },
  {
    name: "a new node is taken for joined before its volumes can be attached",
    file: `${folder}/join.ts`,
    from: "judgeDrivers(joining) ??",
    to: "",
    tests: [join],
  },
  {
    name: "a new node that carries pods is ended",
    file: `${folder}/undo/empty.ts`,
    from: "if (left.length === 0) return undefined;",
    to: "if (left.length < 100) return undefined;",
    tests: [undo],
  },
  {
    name: "a replacement is undone after its original was asked to leave",
    file: `${folder}/undo/pairs.ts`,
    from: "asked ??\n    judgeLoss(input, pair, standing) ??",
    to: "(asked === null ? asked : undefined) ??",
    tests: [undo],
  },
  {
    name: "a new node is ended while the cluster has lost the old one",
    file: `${folder}/undo/pairs.ts`,
    from: "if (!isAbsent || !isSound(own, fresh, now)) return undefined;",
    to: "if (isAbsent || !isSound(own, fresh, now)) return undefined;",
    tests: [undo],
  },
  {
    name: "pods are sent back to a node that somebody else has cordoned",
    file: `${folder}/undo/pairs.ts`,
    from: "judgeForeignCordon(input, pair, standing) ??",
    to: "",
    tests: [undo],
  },
  {
    name: "an instance that two nodes say they are is ended",
    file: `${folder}/undo/replacement.ts`,
    from: "return twins.length === 0",
    to: "return twins.length < 9",
    tests: [undo],
  },
  {
    name: "a node is ended while a load balancer lets its requests end",
    file: "lambdas/kubernetes/terminate/step.ts",
    from: "(await awaitTraffic(session, swap)) ??",
    to: "",
    tests: ["test/workflows/kubernetes/traffic"],
  },
  {
    name: "a node group is drained while EKS updates it",
    file: "lambdas/kubernetes/drain-poll/looks.ts",
    from: "(holds ??= readGroupHold(session)),",
    to: "(holds ??= readGroupHold(session).then(() => undefined)),",
    tests: ["test/workflows/kubernetes/updated-meanwhile"],
  },
  {
    name: "room that others have taken is counted on",
    file: `${folder}/room-now.ts`,
    from: "if (arrived.length === 0) return undefined;",
    to: "if (arrived.length < 9) return undefined;",
    tests: [join],
  },
  {
    name: "the label of another's update is taken off",
    file: `${folder}/undo/marks.ts`,
    from: 'if (cordon.kind === "LOST" && cordon.isWhole) {',
    to: 'if (cordon.kind === "LOST" && !cordon.isWhole) {',
    tests: [undo],
  },
];
