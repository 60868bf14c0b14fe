/**
 * How does a pod stand in the way of a node that is to be empty? The first rule that matches is its class. Source of the order: kubectl drain
 * and Cluster Autoscaler, with what their users have reported since.
 */
import type { BudgetFacts } from "../../../model/kubernetes/budget.ts";
import type { ClusterView } from "../../../model/kubernetes/cluster.ts";
import type { PodFacts } from "../../../model/kubernetes/pod.ts";
import { limitName } from "../../../policy/limit-name.ts";
import type { Policy } from "../../../policy/policy.ts";
import { listed } from "../../switch/objection.ts";
import { asksBudget, budgetsOf, nameOfBudget, neverAllows } from "../budgets.ts";
import { isMirror, isOfDaemonSet, isOver, isUnmanaged, nameOfPod } from "./kind-of-pod.ts";
import type { HeldPod, PodStanding } from "./standing.ts";
import { isOnItsNode, volumesOf } from "./volumes.ts";
import { wishOf } from "./wishes.ts";

export interface ClassifyInput {
  readonly view: Pick<ClusterView, "budgets" | "daemonSets" | "volumes">;
  readonly policy: Policy;
  /** ISO 8601 */
  readonly now: string;
}

type PodRule = (pod: PodFacts, input: ClassifyInput) => HeldPod | undefined;

const held = ({ code, sentence }: Pick<HeldPod, "code" | "sentence">): HeldPod => ({
  kind: "HELD",
  code,
  sentence,
  isLasting: true,
});

const wantsNoDisruption: PodRule = (pod, { policy, now }) => {
  const wish = policy.allowDoNotDisrupt ? undefined : wishOf(pod, now);
  if (wish === undefined) return undefined;
  const { annotation, until } = wish;
  return until === undefined
    ? held({
        code: "POD_NOT_TO_DISRUPT",
        sentence: `Pod ${nameOfPod(pod)} asks not to be disrupted (annotation ${annotation}): take it off, or set ${limitName("allowDoNotDisrupt")} if its owner agrees.`,
      })
    : {
        kind: "HELD",
        code: "POD_NOT_TO_DISRUPT_YET",
        sentence: `Pod ${nameOfPod(pod)} asks not to be disrupted until ${until} (annotation ${annotation}).`,
        isLasting: false,
      };
};

const isMadeAgain: PodRule = (pod, { view, policy }) => {
  if (policy.allowUnmanagedPods || !isUnmanaged(pod, view.daemonSets)) return undefined;
  const owner =
    pod.owner === undefined
      ? "no controller"
      : `DaemonSet ${pod.owner.name}, which no longer exists`;
  return held({
    code: "POD_WITHOUT_CONTROLLER",
    sentence: `Pod ${nameOfPod(pod)} has ${owner}, and would not be made again: give it one, delete it, or set ${limitName("allowUnmanagedPods")}.`,
  });
};

const leavesNoData: PodRule = (pod, { view, policy }) => {
  const bound = volumesOf(pod, view).filter((volume) => isOnItsNode(volume, policy));
  return bound.length === 0
    ? undefined
    : held({
        code: "POD_DATA_ON_NODE",
        sentence: `Pod ${nameOfPod(pod)} has its data on the node itself (volume ${listed(bound.map(({ name }) => name))}): elsewhere it would wait for ever, and they end with the instance. Move them to a volume of EBS or EFS, or keep the node On-Demand.`,
      });
};

/** Whether a new node has such devices is not known. */
const holdsNoDevice: PodRule = (pod) => {
  const [claim] = pod.resourceClaims.toSorted(
    (one, other) => Number(one.isFromTemplate) - Number(other.isFromTemplate),
  );
  if (claim === undefined) return undefined;
  const why = claim.isFromTemplate
    ? "whether a new node has such devices can't be read"
    : "a claim that is shared stays where its devices are";
  return held({
    code: "POD_HOLDS_DEVICE",
    sentence: `Pod ${nameOfPod(pod)} holds devices by claim ${claim.name}, and ${why}: keep its node On-Demand.`,
  });
};

/** Sources: the labels that JobSet, LeaderWorkerSet, Kueue and Volcano give to their pods. */
const gangLabels: readonly string[] = [
  "jobset.sigs.k8s.io/",
  "leaderworkerset.sigs.k8s.io/",
  "kueue.x-k8s.io/",
  "volcano.sh/",
];

const isAlone: PodRule = (pod, { policy }) => {
  if (policy.allowGangs) return undefined;
  const label = Object.keys(pod.labels).find((key) =>
    gangLabels.some((start) => key.startsWith(start)),
  );
  if (!pod.isOfGang && label === undefined) return undefined;
  return held({
    code: "POD_OF_GANG",
    sentence: `Pod ${nameOfPod(pod)} is one of a gang (${label === undefined ? "workloadRef" : `label ${label}`}): its eviction would restart all of it, or queue it anew. Set ${limitName("allowGangs")} if its owner agrees.`,
  });
};

/** How many tries its Job has left, and whether a disruption counts as one, our rights do not show. */
const isNotAtWork: PodRule = (pod, { policy }) =>
  policy.allowJobRestarts || pod.owner?.kind !== "Job" || pod.phase === "Pending"
    ? undefined
    : held({
        code: "JOB_WOULD_FAIL",
        sentence: `Pod ${nameOfPod(pod)} works for Job ${pod.owner.name}: evicted it begins anew, and that may be the Job's last try. Wait for its end, or set ${limitName("allowJobRestarts")} where its podFailurePolicy ignores DisruptionTarget or its tries are enough.`,
      });

const mayLoseEmptyDir: PodRule = (pod, { policy }) =>
  policy.allowEmptyDir || !pod.volumes.hasEmptyDir
    ? undefined
    : held({
        code: "POD_WITH_EMPTY_DIR",
        sentence: `Pod ${nameOfPod(pod)} has an emptyDir volume, which is lost when it is evicted: set ${limitName("allowEmptyDir")} if its owner agrees.`,
      });

/** A restore in an init container may take hours. After so long it counts as hung. */
const initializingMs = 15 * 60_000;

/** The API asks no budget for it, and throws away what it has done. */
const isInitialized: PodRule = (pod, { now }) => {
  const since = pod.startTime ?? pod.createdAt;
  const isYoung = Date.parse(now) - Date.parse(since) < initializingMs;
  return pod.phase === "Pending" && pod.isInitializing && isYoung
    ? {
        kind: "HELD",
        code: "POD_INITIALIZING",
        sentence: `Pod ${nameOfPod(pod)} runs its init containers, whose work would be lost: it is waited for.`,
        isLasting: false,
        since,
      }
    : undefined;
};

/** In the order of the classes. */
const podRules: readonly PodRule[] = [
  wantsNoDisruption,
  isMadeAgain,
  leavesNoData,
  holdsNoDevice,
  isAlone,
  isNotAtWork,
  mayLoseEmptyDir,
  isInitialized,
];

/** Their operators move them themselves: a refusal of the eviction begins it. Sources: KubeVirt, evacuation; Strimzi Drain Cleaner. */
const movedByOperator = ({ labels }: PodFacts): boolean =>
  "kubevirt.io/domain" in labels || "strimzi.io/kind" in labels;

const severalBudgets = (pod: PodFacts, budgets: readonly BudgetFacts[]): HeldPod => ({
  ...held({
    code: "SEVERAL_BUDGETS",
    sentence: `Pod ${nameOfPod(pod)} is in ${String(budgets.length)} budgets (${listed(budgets.map(nameOfBudget))}), and the API evicts no such pod: change their selectors so that one matches it.`,
  }),
});

const byBudget = (pod: PodFacts, { view }: ClassifyInput): PodStanding => {
  const budgets = budgetsOf(pod, view.budgets);
  const [budget] = budgets;
  if (budget === undefined || movedByOperator(pod) || pod.phase === "Pending") {
    return { kind: "EVICTABLE", takesSlot: false };
  }
  if (budgets.length > 1) return severalBudgets(pod, budgets);
  if (!asksBudget(pod, budget)) return { kind: "EVICTABLE", budget, takesSlot: false };
  const never = neverAllows(budget, pod);
  if (never === undefined) return { kind: "EVICTABLE", budget, takesSlot: true };
  const { sentence, ...since } = never;
  return {
    kind: "HELD",
    code: "BUDGET_NEVER_ALLOWS",
    sentence: `Pod ${nameOfPod(pod)} can't be evicted: ${sentence}.`,
    isLasting: true,
    budget: nameOfBudget(budget),
    ...since,
  };
};

/** A pod ends at its deletion timestamp at the latest, into which its grace is reckoned already; what is late by more hangs. */
const overdueMs = 60_000;

const untouched = (pod: PodFacts, { view }: ClassifyInput): PodStanding | undefined => {
  if (isMirror(pod)) return { kind: "IGNORED", because: "MIRROR" };
  if (isOver(pod)) return { kind: "IGNORED", because: "OVER" };
  if (pod.deletionTimestamp !== undefined) {
    const overdueAt = new Date(Date.parse(pod.deletionTimestamp) + overdueMs).toISOString();
    return { kind: "TERMINATING", overdueAt };
  }
  return isOfDaemonSet(pod, view.daemonSets) ? { kind: "IGNORED", because: "DAEMON" } : undefined;
};

export const classifyPod = (pod: PodFacts, input: ClassifyInput): PodStanding => {
  const standing = untouched(pod, input);
  if (standing !== undefined) return standing;
  for (const rule of podRules) {
    const found = rule(pod, input);
    if (found !== undefined) return found;
  }
  return byBudget(pod, input);
};
