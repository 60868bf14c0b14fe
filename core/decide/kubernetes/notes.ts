/** Says with a verdict to act what of nodes could not be read beforehand, and what their owner should know. */
import type { FactsOn, MarketedFacts } from "../../model/evaluation.ts";
import { currentJudgementVersion, type JudgementVersion } from "../../model/judgement-version.ts";
import type { ClusterView, ManagedNodeGroupFacts } from "../../model/kubernetes/cluster.ts";
import type { PersistentVolumeFacts } from "../../model/kubernetes/node.ts";
import { limitName } from "../../policy/limit-name.ts";
import { effectivePolicy, type Policy } from "../../policy/policy.ts";
import { counted } from "../offers/figures.ts";
import { listed } from "../switch/objection.ts";
import { groupKeyWords } from "../switch/key-words.ts";
import { unreadKeys } from "../switch/unread-keys.ts";
import { scopeOfFacts } from "./candidate-nodes.ts";
import { isFree, judgeCandidates, type JudgedNode } from "./judge-candidates.ts";

/** Source: Amazon EKS user guide, "Enable node auto repair". */
const repairNote = (group: ManagedNodeGroupFacts | undefined): string | undefined =>
  group?.isAutoRepaired === true
    ? `Node group ${group.name} has node auto repair on: EKS replaces a node of it that is not healthy for 10 to 30 minutes by itself.`
    : undefined;

const zoneKeys: readonly string[] = [
  "topology.kubernetes.io/zone",
  "topology.ebs.csi.aws.com/zone",
];

const zonesOf = ({ nodeSelectorTerms }: PersistentVolumeFacts): readonly string[] =>
  nodeSelectorTerms.flatMap(({ matchExpressions = [] }) =>
    matchExpressions.flatMap(({ key, values = [] }) => (zoneKeys.includes(key) ? values : [])),
  );

/** After an interruption the group launches where it finds capacity, and not where the volumes are. */
const zoneNote = ({ view, group, spotGroup }: FactsOn<"KUBERNETES">): string | undefined => {
  const { asgName, zones = [] } = spotGroup ?? group ?? {};
  const bound = (view?.volumes ?? []).filter((volume) => zonesOf(volume).length > 0);
  const [first] = bound;
  if (first === undefined || zones.length < 2) return undefined;
  return `${counted(bound.length, "volume")} of these pods (${first.name}) can be mounted in one zone alone: after an interruption group ${asgName ?? ""} may launch in another of its ${String(zones.length)} zones, and their pods would wait.`;
};

/**
 * Nobody is refused for it: with prefixes, another network for pods, or an overlay, pods take no address of these subnets, and nothing in AWS shows which. Source: Amazon EKS user guide,
 * "Amazon VPC CNI".
 */
const addressNote = (
  { market, view, ...facts }: MarketedFacts<"KUBERNETES">,
  judged: readonly JudgedNode[],
): string | undefined => {
  const subnetIds = (facts.spotNodeGroup ?? facts.group)?.subnetIds ?? [];
  const tight = judged.flatMap(({ node, member }) => {
    const free = market.subnets
      .filter(({ subnetId, zoneId }) => subnetIds.includes(subnetId) && zoneId === member.zoneId)
      .map(({ freeAddresses }) => freeAddresses);
    const pods = (view?.pods ?? []).filter(({ nodeName }) => nodeName === node.name).length;
    const most = Math.max(...free);
    return free.length > 0 && most < pods ? [{ node, member, most, pods }] : [];
  });
  const [first] = tight;
  if (first === undefined) return undefined;
  const { node, member, most, pods } = first;
  return `Node ${node.name} runs ${counted(pods, "pod")}, and no subnet of its group in ${member.zoneId} has more than ${String(most)} free addresses: where pods take theirs from there, as with the VPC CNI, some would wait for one.`;
};

/** What is still under way through an old node when it ends is cut. Target groups tell when it is over; these do not, and let nothing end unless they are told to. */
const classicNote = ({ classicLoadBalancers = [] }: FactsOn<"KUBERNETES">): string | undefined =>
  classicLoadBalancers.length === 0
    ? undefined
    : `Classic load balancers (${listed(classicLoadBalancers.map(({ name }) => name))}) send requests through these nodes: a node ends once they no longer have it, and how long they let its requests end (connection draining) is not waited for, as it is for target groups.`;

/** Nobody is refused for it: most pods of webhooks have several replicas. */
const hiddenNote = (view: ClusterView | undefined): string | undefined =>
  view?.areWebhooksHidden === true
    ? "Which pods serve admission webhooks was not checked, so that they leave in the order of all others: ClusterRole spot-optimizer-webhooks of docs/manifests/spot-optimizer-rbac.yaml would show it."
    : undefined;

const notesAtMost = 5;

/** What is told of nodes and pods depends on no consent. */
const nodesToTellOf = (
  facts: FactsOn<"KUBERNETES">,
  judgementVersion: JudgementVersion,
): readonly JudgedNode[] => {
  const policy = effectivePolicy("KUBERNETES");
  const judged = judgeCandidates({ facts, policy, scope: scopeOfFacts(facts), judgementVersion });
  const free = judged.filter(isFree);
  return free.length > 0 ? free : judged;
};

const podNotes = (judged: readonly JudgedNode[]): readonly string[] => {
  const notes = judged.flatMap(({ judgement }) => judgement.notes);
  const more = notes.length - notesAtMost;
  return [
    ...notes.slice(0, notesAtMost),
    ...(more > 0 ? [`So much is to be said of ${String(more)} more.`] : []),
  ];
};

const deletionNote = ({ deletePodsAtDeadline }: Policy): string | undefined =>
  deletePodsAtDeadline
    ? `Pods that only their budgets still hold at the deadline of a node are deleted past these (${limitName("deletePodsAtDeadline")}).`
    : undefined;

/** Undefined: all that there is was read, and there is nothing to be said of the pods. */
export const notesOnNodes = (
  facts: MarketedFacts<"KUBERNETES">,
  policy: Policy,
  judgementVersion: JudgementVersion = currentJudgementVersion,
): string | undefined => {
  const judged = nodesToTellOf(facts, judgementVersion);
  const found = [
    deletionNote(policy),
    unreadKeys(facts.launch?.keys, groupKeyWords),
    repairNote(facts.nodeGroup),
    repairNote(facts.spotNodeGroup),
    hiddenNote(facts.view),
    ...(judgementVersion >= 5
      ? [zoneNote(facts), addressNote(facts, judged), classicNote(facts)]
      : []),
    ...podNotes(judged),
  ].filter((sentence) => sentence !== undefined);
  return found.length === 0 ? undefined : found.join(" ");
};
