/** What the owner of a pod should know beforehand of its move: nothing is refused for it. */
import {
  currentJudgementVersion,
  type JudgementVersion,
} from "../../../model/judgement-version.ts";
import type { ClusterView } from "../../../model/kubernetes/cluster.ts";
import type { PodFacts } from "../../../model/kubernetes/pod.ts";
import { listed } from "../../switch/objection.ts";
import { budgetsOf } from "../budgets.ts";
import { isCritical } from "../drain/order.ts";
import { nameOfPod } from "./kind-of-pod.ts";

type Note = (pod: PodFacts, view: ClusterView) => string | undefined;

const isInterrupted: Note = (pod, { budgets, pods }) => {
  const { owner } = pod;
  const isSingleton =
    owner !== undefined &&
    budgetsOf(pod, budgets).length === 0 &&
    pods.filter((other) => other.owner?.uid === owner.uid).length === 1;
  return isSingleton
    ? `Pod ${nameOfPod(pod)} is the only one of ${owner.kind} ${owner.name}, which is interrupted until another is ready.`
    : undefined;
};

const losesEmptyDir: Note = (pod) =>
  pod.volumes.hasEmptyDir
    ? `Pod ${nameOfPod(pod)} loses what it has in an emptyDir volume.`
    : undefined;

const findsOtherPaths: Note = (pod) =>
  pod.volumes.hostPaths.length > 0
    ? `Pod ${nameOfPod(pod)} uses ${pod.volumes.hostPaths.join(", ")} of the node itself (hostPath), and finds that of another node.`
    : undefined;

/** Of the readiness gate that the AWS Load Balancer Controller gives to pods which it registers by their addresses. Source: its documentation, "Pod readiness gate". */
const addressGate = "target-health.elbv2.k8s.aws/";

/** A balancer notices that a pod goes some seconds after the pod does. Source: AWS Load Balancer Controller, issue 2366. */
const deregisteredWithinSeconds = 15;

/** Whatever a preStop hook waits for is within its grace. */
const endsTooSoon: Note = (pod) => {
  const { conditions, terminationGracePeriodSeconds: grace } = pod;
  return grace < deregisteredWithinSeconds &&
    conditions.some(({ type }) => type.startsWith(addressGate))
    ? `Pod ${nameOfPod(pod)} is a target of a load balancer by its address, and ends within ${String(grace)} s: requests may reach it after that. Give it a grace and a preStop hook of ${String(deregisteredWithinSeconds)} s at least.`
    : undefined;
};

const sidecarSeconds = 30;

/** The proxies of service meshes let connections end for as long as the grace leaves them. */
const losesConnections: Note = (pod) => {
  const { sidecars = [], terminationGracePeriodSeconds: grace } = pod;
  return sidecars.length > 0 && grace < sidecarSeconds
    ? `Pod ${nameOfPod(pod)} has sidecars (${listed(sidecars)}) and a grace of ${String(grace)} s: connections through them may break before they have ended. A grace of ${String(sidecarSeconds)} s is usual.`
    : undefined;
};

/** Critical ones push out others anywhere, and everybody counts on it. */
const pushesOut: Note = (pod, { lowestPriority }) => {
  const { priority = 0, preempts = true, priorityClassName = "none" } = pod;
  return preempts && !isCritical(pod) && lowestPriority !== undefined && priority > lowestPriority
    ? `Pod ${nameOfPod(pod)} (priority class ${priorityClassName}, ${String(priority)}) may push out pods of lower priority (${String(lowestPriority)}) where room gets short: no budget protects these.`
    : undefined;
};

const ofItself: readonly Note[] = [isInterrupted, losesEmptyDir, findsOtherPaths];

const beyondIt: readonly Note[] = [endsTooSoon, losesConnections, pushesOut];

/** Sentences. */
export const noteOn = (
  pod: PodFacts,
  view: ClusterView,
  version: JudgementVersion = currentJudgementVersion,
): readonly string[] =>
  [...ofItself, ...(version >= 5 ? beyondIt : [])].flatMap((note) => note(pod, view) ?? []);
