/**
 * Evictions, in earnest and as a dry run, deletions, and what the server's answers to them mean. Sources: Kubernetes documentation, "API-initiated
 * Eviction", "Dynamic Admission Control"; kube-apiserver 1.35, tried (which words it sends, and where it gives no reason).
 */
import {
  V1DeleteOptions,
  V1Eviction,
  V1ObjectMeta,
  V1Preconditions,
} from "@kubernetes/client-node/dist/gen/index.js";
import type { SpotOptimizerError } from "../../core/errors.ts";
import type { EvictionReply } from "../../core/model/kubernetes/eviction.ts";
import type { PodFacts } from "../../core/model/kubernetes/pod.ts";
import type { KubernetesClient } from "./client.ts";
import { replyIn, type Reply } from "./reply.ts";
import { translateKubernetesError } from "./translate-error.ts";

export type PodName = Pick<PodFacts, "namespace" | "name" | "uid">;

/** The grace is the pod's own. The uid keeps a pod that took the name over from being evicted. */
const bodyOf = ({ namespace, name, uid }: PodName, isDryRun: boolean): V1Eviction => {
  const preconditions = Object.assign(new V1Preconditions(), { uid });
  const deleteOptions = Object.assign(new V1DeleteOptions(), {
    preconditions,
    ...(isDryRun ? { dryRun: ["All"] } : {}),
  });
  const metadata = Object.assign(new V1ObjectMeta(), { namespace, name });
  return Object.assign(new V1Eviction(), {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata,
    deleteOptions,
  });
};

const causeNamed = ({ causes }: Reply, reason: string) =>
  causes.find((cause) => cause.reason === reason);

/** `admission webhook "drain.example" denied the request: …`, with whatever status the webhook chose. */
const deniedByWebhook = /admission webhook "(?<by>[^"]+)" denied the request/;

/** `failed calling webhook "drain.example": …`: its backend does not answer. */
const webhookFailed = /failed calling webhook "(?<by>[^"]+)"/;

/** `ValidatingAdmissionPolicy 'keep' with binding 'keep-all' denied request: …` */
const deniedByPolicy = /ValidatingAdmissionPolicy '(?<by>[^']+)'.* denied request/s;

const byOf = (form: RegExp, { message }: Reply): string | undefined =>
  form.exec(message)?.groups?.["by"];

/** An operator's webhook may move the pod by itself: what it says is about this pod alone, whatever the status. */
const byAdmission = (reply: Reply): EvictionReply | undefined => {
  const { message } = reply;
  const unavailable = byOf(webhookFailed, reply);
  if (unavailable !== undefined) return { kind: "WEBHOOK_UNAVAILABLE", by: unavailable, message };
  const by = byOf(deniedByWebhook, reply) ?? byOf(deniedByPolicy, reply);
  return by === undefined ? undefined : { kind: "DENIED", by, message };
};

/** What the server's own limit asks to wait where it names no time. */
const shortestPauseSeconds = 1;

const byLimit = (reply: Reply): EvictionReply => {
  const { message, retryAfterSeconds } = reply;
  const cause = causeNamed(reply, "DisruptionBudget");
  if (cause === undefined) {
    return {
      kind: "THROTTLED",
      retryAfterSeconds: Math.max(shortestPauseSeconds, retryAfterSeconds ?? 0),
    };
  }
  return {
    kind: "BUDGET",
    message: [message, cause.message].filter((words) => words !== "").join(" "),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    isSyncFailed: /failed sync/.test(cause.message),
  };
};

/** Of the server's own, in `kubernetes/pkg/registry/core/pod/storage/eviction.go`. */
const severalBudgets = "more than one PodDisruptionBudget";
const behind = /pdb disruptions allowed is negative|DisruptedPods map too big/;

const byConflict = ({ message }: Reply): EvictionReply =>
  message.includes("UID in the precondition") ? { kind: "OTHER_POD" } : { kind: "CONFLICT" };

/** Undefined for a right that is missing, and for what can't be told from it. */
const byDenial = (reply: Reply): EvictionReply | undefined => {
  const { message } = reply;
  if (causeNamed(reply, "NamespaceTerminating") !== undefined) {
    return { kind: "NAMESPACE_TERMINATING" };
  }
  return behind.test(message) ? { kind: "BUDGET_CONTROLLER_BEHIND", message } : undefined;
};

const byFailure = ({ httpStatus, message }: Reply): EvictionReply =>
  message.includes(severalBudgets)
    ? { kind: "SEVERAL_BUDGETS", message }
    : { kind: "UNKNOWN", message: `${String(httpStatus)}: ${message}` };

/** Undefined for what is wrong with us: our token, our rights, our request. */
const replyOf = (reply: Reply): EvictionReply | undefined => {
  // Before the rest: a webhook may send any status, and its words may have those of others in them.
  const admission = byAdmission(reply);
  if (admission !== undefined) return admission;
  if (reply.httpStatus >= 500) return byFailure(reply);
  switch (reply.httpStatus) {
    case 404:
      return reply.isText ? byFailure(reply) : { kind: "GONE" };
    case 409:
      return byConflict(reply);
    case 429:
      return byLimit(reply);
    case 403:
      return byDenial(reply);
    default:
      return undefined;
  }
};

/** The request may have been sent: what names the pod's uid can be asked again. */
const silence = (error: SpotOptimizerError): EvictionReply | undefined =>
  error.name === "RetryableUnavailable" ? { kind: "UNKNOWN", message: error.message } : undefined;

/** It answers with a Status, or with the object; a page with status 200 has come from something else. */
const notOfTheServer: EvictionReply = {
  kind: "UNKNOWN",
  message: "the answer is not one of the API server",
};

/** @param action for messages */
const answerTo = async (
  { caller }: KubernetesClient,
  { namespace, name }: PodName,
  {
    action,
    send,
  }: { readonly action: string; readonly send: () => Promise<{ readonly kind?: string }> },
): Promise<EvictionReply> => {
  try {
    const { kind } = await send();
    return kind === undefined ? notOfTheServer : { kind: "ACCEPTED" };
  } catch (error) {
    const reply = replyIn(error);
    const about = { action, resource: `${namespace}/${name}` };
    const translated = translateKubernetesError(error, caller, about);
    const known = reply === undefined ? silence(translated) : replyOf(reply);
    if (known === undefined) throw translated;
    return known;
  }
};

const request = (
  client: KubernetesClient,
  pod: PodName,
  isDryRun: boolean,
): Promise<EvictionReply> => {
  const { namespace, name } = pod;
  const body = bodyOf(pod, isDryRun);
  return answerTo(client, pod, {
    action: "EvictPod",
    send: () => client.core.createNamespacedPodEviction({ namespace, name, body }),
  });
};

/**
 * Accepted is not gone: the pod's grace begins.
 * @throws RetryableClusterAuth, RetryableClusterUnreachable (nothing was asked), BrokenClusterAccess; BrokenRequest for 400 and 422, our own
 * mistakes
 */
export const evictPod = (client: KubernetesClient, pod: PodName): Promise<EvictionReply> =>
  request(client, pod, false);

/**
 * What an eviction would be answered now. Nothing is changed and no budget is spent. ACCEPTED is not a promise: a webhook may answer
 * otherwise when it is meant.
 * @throws as evictPod
 */
export const tryEviction = (client: KubernetesClient, pod: PodName): Promise<EvictionReply> =>
  request(client, pod, true);

/**
 * Past its budget: for a pod whose owner has agreed to that. Its uid goes with the call.
 * @param graceSeconds at least 1: without any, another pod of its name may run beside it
 * @throws as evictPod
 */
export const deletePod = (
  client: KubernetesClient,
  pod: PodName,
  graceSeconds: number,
): Promise<EvictionReply> => {
  const { namespace, name, uid } = pod;
  const preconditions = Object.assign(new V1Preconditions(), { uid });
  const gracePeriodSeconds = Math.max(1, graceSeconds);
  const body = Object.assign(new V1DeleteOptions(), { preconditions, gracePeriodSeconds });
  return answerTo(client, pod, {
    action: "DeletePod",
    send: () => client.core.deleteNamespacedPod({ namespace, name, body }),
  });
};
