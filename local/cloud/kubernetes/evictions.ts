/**
 * `pods/eviction`: a deletion that its disruption budget has to allow. Source: Kubernetes documentation, "API-initiated Eviction",
 * "Specifying a Disruption Budget" (unhealthy pod eviction policy); replies as Kubernetes 1.35 gives them (spec: tried).
 */
import type { KubeContext } from "./context.ts";
import { checkPreconditions, remove, type DeleteOptions } from "./deleting.ts";
import { kindOf } from "./kinds.ts";
import {
  conditionOf,
  isOver,
  isReady,
  isTerminating,
  secondsOf,
  withCondition,
  type Pdb,
  type Pod,
} from "./objects.ts";
import type { KubeRefusal } from "./refusals.ts";
import { badRequest, budgetRefuses, conflict, otherKind, refuse, type Status } from "./refusals.ts";
import { selects } from "./selectors.ts";
import { change, checkNamespace, existing, otherNamespace, type Write } from "./writing.ts";

interface Eviction {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly deleteOptions?: DeleteOptions & { readonly dryRun?: readonly string[] };
}

const pods = kindOf("pods");

/** Tries inside the server, half a second apart: so long takes an eviction whose pod is another one by now. */
const retriedMs = 10_000;

/** Budgets that have granted so many evictions which their controller hasn't seen yet grant no more. */
const mostDisrupted = 2000;

export const isEvictionDryRun = (body: unknown): boolean =>
  (body as Eviction | undefined)?.deleteOptions?.dryRun?.includes("All") === true;

/** No budget is asked for these. */
const needsNoBudget = (pod: Pod): boolean =>
  isOver(pod) || pod.status.phase === "Pending" || isTerminating(pod);

const budgetsOf = ({ store }: KubeContext, pod: Pod): readonly Pdb[] =>
  store
    .list("poddisruptionbudgets", pod.metadata.namespace)
    .filter(({ spec }) => selects(spec.selector, pod.metadata.labels));

/** One that is not Ready goes by its policy, without spending. */
const bypasses = (pod: Pod, { spec, status }: Pdb): boolean => {
  if (isReady(pod)) return false;
  if (spec.unhealthyPodEvictionPolicy === "AlwaysAllow") return true;
  if (status === undefined) return false;
  return status.currentHealthy >= status.desiredHealthy && status.desiredHealthy > 0;
};

const forbidden = (budget: Pdb, why: string): KubeRefusal =>
  refuse(403, "Forbidden", {
    message: `poddisruptionbudget.policy "${budget.metadata.name}" is forbidden: ${why}`,
    details: { name: budget.metadata.name, group: "policy", kind: "poddisruptionbudget" },
  });

const isBehind = ({ metadata, status }: Pdb): boolean =>
  (status?.observedGeneration ?? 0) < (metadata.generation ?? 0);

const disruptedIn = ({ status }: Pdb): number => Object.keys(status?.disruptedPods ?? {}).length;

/** Which of three reasons: not counted, too few healthy, or enough healthy and none allowed all the same. */
const whyNone = ({ metadata: { name }, status }: Pdb): string => {
  const { desiredHealthy = 0, currentHealthy = 0, conditions } = status ?? {};
  const failed = conditionOf(conditions, "DisruptionAllowed");
  const none = `The disruption budget ${name} does not allow evicting pods currently`;
  if (failed?.reason === "SyncFailed") {
    return `${none} because it failed sync: ${failed.message ?? ""}`;
  }
  if (currentHealthy > desiredHealthy) return none;
  return `The disruption budget ${name} needs ${String(desiredHealthy)} healthy pods and has ${String(currentHealthy)} currently`;
};

/** @throws KubeRefusal 403 or 429 */
const checkBudget = (budget: Pdb): void => {
  const { name } = budget.metadata;
  if (budget.status === undefined || isBehind(budget)) {
    const why = `The disruption budget ${name} is still being processed by the server.`;
    throw budgetRefuses(why, 10);
  }
  const { disruptionsAllowed } = budget.status;
  if (disruptionsAllowed < 0) throw forbidden(budget, "pdb disruptions allowed is negative");
  if (disruptedIn(budget) > mostDisrupted) {
    throw forbidden(
      budget,
      "DisruptedPods map too big - too many evictions not confirmed by PDB controller",
    );
  }
  if (disruptionsAllowed === 0) throw budgetRefuses(whyNone(budget));
};

/** One disruption less, until the controller has seen the pod go. */
const spend = (context: KubeContext, budget: Pdb, pod: Pod): void => {
  const { status } = budget;
  if (status === undefined) return;
  const disruptionsAllowed = status.disruptionsAllowed - 1;
  const atMs = context.time.now();
  const conditions =
    disruptionsAllowed > 0
      ? status.conditions
      : withCondition(
          status.conditions,
          { type: "DisruptionAllowed", status: "False", reason: "InsufficientPods", message: "" },
          atMs,
        );
  change(context, "poddisruptionbudgets", {
    ...budget,
    status: {
      ...status,
      disruptionsAllowed,
      disruptedPods: { ...status.disruptedPods, [pod.metadata.name]: secondsOf(atMs) },
      ...(conditions !== undefined && { conditions }),
    },
  });
};

/** @throws KubeRefusal 403, 429 or 500 */
const askBudgets = (context: KubeContext, pod: Pod, isDryRun: boolean): void => {
  if (needsNoBudget(pod)) return;
  const [budget, other] = budgetsOf(context, pod);
  if (budget === undefined) return;
  if (other !== undefined) {
    throw refuse(500, "", {
      message:
        "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    });
  }
  if (bypasses(pod, budget)) return;
  checkBudget(budget);
  if (!isDryRun) spend(context, budget, pod);
};

const evicted: Status = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Success",
  code: 201,
};

/** @throws KubeRefusal 400 for what is not an eviction of that pod */
const checkEviction = ({ apiVersion, kind, metadata = {} }: Eviction, write: Write): void => {
  if (kind !== undefined && kind !== "Eviction") {
    throw otherKind({ apiVersion, kind }, { kind: "Eviction", group: "policy" });
  }
  if ((metadata.namespace ?? write.namespace) !== write.namespace) throw otherNamespace();
  if ((metadata.name ?? write.name) !== write.name) {
    throw badRequest("name in URL does not match name in Eviction object");
  }
};

/** Told apart from the start by the condition that only an eviction sets. */
const disruptionTarget = {
  type: "DisruptionTarget",
  status: "True",
  reason: "EvictionByEvictionAPI",
  message: "Eviction API: evicting",
} as const;

/**
 * @param pass lets that much time go by
 * @throws KubeRefusal 400, 403, 404, 409, 429 or 500
 */
export const evict = async (
  context: KubeContext,
  write: Write & {
    readonly admit: (object: Pod) => void;
    readonly pass: (ms: number) => Promise<void>;
  },
  body: unknown,
): Promise<Status> => {
  const eviction = (body ?? {}) as Eviction;
  checkEviction(eviction, write);
  checkNamespace(context, write);
  const pod = existing(context, write) as Pod;
  const options = eviction.deleteOptions ?? {};
  write.admit(pod);
  askBudgets(context, pod, write.isDryRun);
  try {
    checkPreconditions(pods, pod, options);
  } catch (error) {
    // Where no budget is asked, the server tries again for a while before it says so.
    if (pod.status.phase === "Pending") await write.pass(retriedMs);
    throw error;
  }
  if (!write.isDryRun) takeAway(context, pod, options);
  return evicted;
};

const takeAway = (context: KubeContext, pod: Pod, options: DeleteOptions): void => {
  const conditions = withCondition(pod.status.conditions, disruptionTarget, context.time.now());
  const marked: Pod = isTerminating(pod) ? pod : { ...pod, status: { ...pod.status, conditions } };
  change(context, "pods", marked);
  const object = context.store.get("pods", pod.metadata);
  if (object === undefined) throw conflict(pods, pod.metadata.name, "it is gone");
  remove(context, pods, { object, gracePeriodSeconds: options.gracePeriodSeconds });
};
