/** On which instance types would the pods of a node find room? */
import type { FactsOn } from "../../model/evaluation.ts";
import type { InstanceTypeFacts } from "../../model/market.ts";
import type { Offer, Rejection } from "../../model/offer.ts";
import type { CandidateNode } from "./candidate-nodes.ts";
import { lackOf, needsOf, roomOfType } from "./needs.ts";
import { expectedNode, groupsOf, whyNotOnNew } from "./new-node.ts";
import { nameOfPod } from "./pods/kind-of-pod.ts";

export interface RoomInput {
  readonly facts: FactsOn<"KUBERNETES">;
  readonly types: readonly InstanceTypeFacts[];
}

type TypeJudge = (type: InstanceTypeFacts) => Rejection | undefined;

const tooSmall = (sentence: string): Rejection => ({ code: "TYPE_WITHOUT_ROOM", sentence });

/** Its pods are asked once for all types; undefined: it has room, and each pod may stand there. */
export const roomJudge = (
  { node, member }: CandidateNode,
  { facts, types }: RoomInput,
): TypeJudge => {
  const { view } = facts;
  if (view === undefined) return () => tooSmall("can't be judged: the pods were not read");
  const needs = needsOf(node.name, view);
  const csiNode = view.csiNodes.find(({ nodeName }) => nodeName === node.name);
  const own = types.find(({ instanceType }) => instanceType === member.instanceType);
  const pods = view.pods.filter(({ nodeName }) => nodeName === node.name);
  const groups = groupsOf(facts);
  const namesType = pods.filter(
    ({ placement, owner }) =>
      owner?.kind !== "DaemonSet" &&
      (placement.nodeSelector !== undefined || placement.nodeSelectorTerms !== undefined),
  );
  return (type) => {
    const lack = lackOf(needs, roomOfType(type, { own, node, csiNode }));
    if (lack !== undefined) return tooSmall(lack);
    const expected = expectedNode(node, groups, type.instanceType);
    const misfit = namesType
      .map((pod) => ({ pod, why: whyNotOnNew(pod, expected, view) }))
      .find(({ why }) => why !== undefined);
    return misfit === undefined
      ? undefined
      : tooSmall(
          `is not for pod ${nameOfPod(misfit.pod)}, which wants ${misfit.why?.because ?? ""}`,
        );
  };
};

/** A managed node group launches one of its own types, and no other. */
const isOfGroup: (facts: FactsOn<"KUBERNETES">) => TypeJudge =
  ({ spotNodeGroup, nodeGroup }) =>
  ({ instanceType }) =>
    nodeGroup === undefined || spotNodeGroup?.instanceTypes.includes(instanceType) === true
      ? undefined
      : {
          code: "TYPE_NOT_OF_NODE_GROUP",
          sentence: `is not among the types of Spot node group ${spotNodeGroup?.name ?? "unknown"}`,
        };

/** One judgement for each type, however many zones sell it. */
export const rejectTypes = (
  offers: readonly Offer[],
  judge: TypeJudge,
  { facts, types }: RoomInput,
): readonly Offer[] => {
  const ofGroup = isOfGroup(facts);
  const found = new Map<string, Rejection | undefined>();
  const byName = new Map(types.map((type) => [type.instanceType, type]));
  const rejectionOf = (instanceType: string): Rejection | undefined => {
    if (found.has(instanceType)) return found.get(instanceType);
    const type = byName.get(instanceType);
    const rejection =
      type === undefined ? tooSmall("is not in the catalogue") : (ofGroup(type) ?? judge(type));
    found.set(instanceType, rejection);
    return rejection;
  };
  return offers.map((offer) => {
    const rejection = offer.rejection ?? rejectionOf(offer.pool.instanceType);
    return rejection === undefined ? offer : { ...offer, rejection };
  });
};

/** EKS picks among the types of the Spot node group itself: each must do. Undefined: each does. */
export const whyNotAnyOfGroup = (
  candidate: CandidateNode,
  { facts, types }: RoomInput,
): string | undefined => {
  if (facts.nodeGroup === undefined) return undefined;
  const judge = roomJudge(candidate, { facts, types });
  return (facts.spotNodeGroup?.instanceTypes ?? []).flatMap((name) => {
    const type = types.find(({ instanceType }) => instanceType === name);
    const why = type === undefined ? "is not in the catalogue" : judge(type)?.sentence;
    return why === undefined ? [] : [`${name} ${why}`];
  })[0];
};
