/** Says with a verdict to act what of nodes could not be read beforehand, and what their owner should know. */
import type { FactsOn } from "../../model/evaluation.ts";
import { currentJudgementVersion, type JudgementVersion } from "../../model/judgement-version.ts";
import type { ClusterView, ManagedNodeGroupFacts } from "../../model/kubernetes/cluster.ts";
import type { PersistentVolumeFacts } from "../../model/kubernetes/node.ts";
import { limitName } from "../../policy/limit-name.ts";
import { effectivePolicy, type Policy } from "../../policy/policy.ts";
import { counted } from "../offers/figures.ts";
import { groupKeyWords } from "../switch/key-words.ts";
import { unreadKeys } from "../switch/unread-keys.ts";
import { scopeOfFacts } from "./candidate-nodes.ts";
import { isFree, judgeCandidates } from "./judge-candidates.ts";

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

/** Nobody is refused for it: most pods of webhooks have several replicas. */
const hiddenNote = (view: ClusterView | undefined): string | undefined =>
  view?.areWebhooksHidden === true
    ? "Which pods serve admission webhooks was not checked, so that they leave in the order of all others: ClusterRole spot-optimizer-webhooks of docs/manifests/spot-optimizer-rbac.yaml would show it."
    : undefined;

const notesAtMost = 5;

/** What is told of pods depends on no consent. */
const podNotes = (
  facts: FactsOn<"KUBERNETES">,
  judgementVersion: JudgementVersion,
): readonly string[] => {
  const policy = effectivePolicy("KUBERNETES");
  const judged = judgeCandidates({ facts, policy, scope: scopeOfFacts(facts), judgementVersion });
  const free = judged.filter(isFree);
  const notes = (free.length > 0 ? free : judged).flatMap(({ judgement }) => judgement.notes);
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
  facts: FactsOn<"KUBERNETES">,
  policy: Policy,
  judgementVersion: JudgementVersion = currentJudgementVersion,
): string | undefined => {
  const found = [
    deletionNote(policy),
    unreadKeys(facts.launch?.keys, groupKeyWords),
    repairNote(facts.nodeGroup),
    repairNote(facts.spotNodeGroup),
    hiddenNote(facts.view),
    ...(judgementVersion >= 5 ? [zoneNote(facts)] : []),
    ...podNotes(facts, judgementVersion),
  ].filter((sentence) => sentence !== undefined);
  return found.length === 0 ? undefined : found.join(" ");
};
