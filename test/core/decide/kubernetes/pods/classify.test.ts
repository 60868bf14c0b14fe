import { describe, expect, it } from "@jest/globals";
import { classifyPod } from "../../../../../core/decide/kubernetes/pods/classify.ts";
import type { PodStanding } from "../../../../../core/decide/kubernetes/pods/standing.ts";
import type { BudgetFacts } from "../../../../../core/model/kubernetes/budget.ts";
import type { PersistentVolumeFacts } from "../../../../../core/model/kubernetes/node.ts";
import type { DaemonSetFacts } from "../../../../../core/model/kubernetes/workload.ts";
import { effectivePolicy, type Policy } from "../../../../../core/policy/policy.ts";
import { aBudget, aPod, at, type PodSketch } from "../objects.ts";

interface Around {
  readonly budgets?: readonly BudgetFacts[];
  readonly daemonSets?: readonly DaemonSetFacts[];
  readonly volumes?: readonly PersistentVolumeFacts[];
  readonly policy?: Partial<Policy>;
}

const now = at(0);

const classify = (
  pod: PodSketch,
  { budgets = [], daemonSets = [], volumes = [], policy = {} }: Around = {},
): PodStanding =>
  classifyPod(aPod({ of: "web", ...pod }), {
    view: { budgets, daemonSets, volumes },
    policy: { ...effectivePolicy("KUBERNETES"), ...policy },
    now,
  });

const short = (standing: PodStanding): string => {
  switch (standing.kind) {
    case "IGNORED":
      return standing.because;
    case "HELD":
      return `${standing.code}${standing.isLasting ? "" : " (passes)"}`;
    case "TERMINATING":
      return `TERMINATING until ${standing.overdueAt}`;
    case "EVICTABLE":
      return `EVICTABLE${standing.takesSlot ? " by its budget" : ""}`;
  }
};

const daemon = { apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: "ds-1" };
const agents: DaemonSetFacts = {
  namespace: "shop",
  name: "agent",
  uid: "ds-1",
  placement: { tolerations: [] },
};
const ofDaemon = { of: undefined, owner: daemon } as unknown as PodSketch;
const alone = { of: undefined } as unknown as PodSketch;
const emptyDir = { claims: [], hasEmptyDir: true, hostPaths: [] };
const claiming = { claims: ["data"], hasEmptyDir: false, hostPaths: [] };
const wish = "karpenter.sh/do-not-disrupt";
const job = { apiVersion: "batch/v1", kind: "Job", name: "nightly", uid: "job-1" };
const ofJob = { of: undefined, owner: job } as unknown as PodSketch;
const never = aBudget({ maxUnavailable: 0, disruptionsAllowed: 0, desiredHealthy: 3 });
const noneNow = aBudget({ disruptionsAllowed: 0, currentHealthy: 2 });

const volume = (over: Partial<PersistentVolumeFacts> = {}): PersistentVolumeFacts => ({
  name: "pv-1",
  driver: "ebs.csi.aws.com",
  claim: { namespace: "shop", name: "data" },
  isOnNode: false,
  nodeSelectorTerms: [
    {
      matchExpressions: [
        { key: "topology.kubernetes.io/zone", operator: "In", values: ["eu-west-1a"] },
      ],
    },
  ],
  ...over,
});

const onHost = volume({
  nodeSelectorTerms: [
    { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["old"] }] },
  ],
});

/** By row of the table of classes: first match wins. */
const rows: readonly (readonly [string, PodSketch, Around, string])[] = [
  ["1, mirror", { annotations: { "kubernetes.io/config.mirror": "1" } }, {}, "MIRROR"],
  ["1, owned by its node", { ...ofDaemon, owner: { ...daemon, kind: "Node" } }, {}, "MIRROR"],
  ["2, succeeded", { phase: "Succeeded" }, {}, "OVER"],
  ["2, failed, in a blocking budget", { phase: "Failed" }, { budgets: [never] }, "OVER"],
  ["3, within its grace", { deletionTimestamp: at(20) }, {}, `TERMINATING until ${at(80)}`],
  ["4, overdue", { deletionTimestamp: at(-90) }, {}, `TERMINATING until ${at(-30)}`],
  ["3 before 5", { ...ofDaemon, deletionTimestamp: at(0) }, {}, `TERMINATING until ${at(60)}`],
  ["5", ofDaemon, { daemonSets: [agents] }, "DAEMON"],
  [
    "5, with an emptyDir",
    { ...ofDaemon, volumes: emptyDir },
    { daemonSets: [agents], policy: { allowEmptyDir: false } },
    "DAEMON",
  ],
  ["6, its DaemonSet is gone", ofDaemon, {}, "POD_WITHOUT_CONTROLLER"],
  [
    "6, a DaemonSet made anew is another",
    ofDaemon,
    { daemonSets: [{ ...agents, uid: "ds-2" }] },
    "POD_WITHOUT_CONTROLLER",
  ],
  ["6, allowed", ofDaemon, { policy: { allowUnmanagedPods: true } }, "EVICTABLE"],
  ["7", { annotations: { [wish]: "true" } }, {}, "POD_NOT_TO_DISRUPT"],
  [
    "7, consented",
    { annotations: { [wish]: "true" } },
    { policy: { allowDoNotDisrupt: true } },
    "EVICTABLE",
  ],
  [
    "7, a span that goes on",
    { annotations: { [wish]: "1h30m" } },
    {},
    "POD_NOT_TO_DISRUPT_YET (passes)",
  ],
  ["7, a span that is over", { annotations: { [wish]: "30m" } }, {}, "EVICTABLE"],
  [
    "7, a span of a pod that has not started",
    {
      annotations: { [wish]: "1s" },
      phase: "Pending",
      startTime: undefined,
    } as unknown as PodSketch,
    {},
    "POD_NOT_TO_DISRUPT",
  ],
  ["7, malformed", { annotations: { [wish]: "yes" } }, {}, "EVICTABLE"],
  ["7, negative", { annotations: { [wish]: "-1h" } }, {}, "EVICTABLE"],
  [
    "7, of the autoscaler",
    { annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" } },
    {},
    "POD_NOT_TO_DISRUPT",
  ],
  [
    "7, of the autoscaler, true",
    { annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "true" } },
    {},
    "EVICTABLE",
  ],
  ["8", alone, {}, "POD_WITHOUT_CONTROLLER"],
  ["8, consented", alone, { policy: { allowUnmanagedPods: true } }, "EVICTABLE"],
  [
    "local volume",
    { volumes: claiming },
    { volumes: [volume({ isOnNode: true })] },
    "POD_DATA_ON_NODE",
  ],
  ["volume of one host", { volumes: claiming }, { volumes: [onHost] }, "POD_DATA_ON_NODE"],
  [
    "local driver",
    { volumes: claiming },
    { volumes: [volume({ driver: "topolvm.io" })] },
    "POD_DATA_ON_NODE",
  ],
  ["volume of EBS", { volumes: claiming }, { volumes: [volume()] }, "EVICTABLE"],
  [
    "local volume of another claim",
    { volumes: claiming },
    { volumes: [volume({ isOnNode: true, claim: { namespace: "shop", name: "other" } })] },
    "EVICTABLE",
  ],
  [
    "shared device claim",
    { resourceClaims: [{ name: "gpu", isFromTemplate: false }] },
    {},
    "POD_HOLDS_DEVICE",
  ],
  [
    "device claim of its own",
    { resourceClaims: [{ name: "gpu", isFromTemplate: true }] },
    {},
    "POD_HOLDS_DEVICE",
  ],
  ["gang by workloadRef", { isOfGang: true }, {}, "POD_OF_GANG"],
  ["gang by JobSet", { labels: { "jobset.sigs.k8s.io/jobset-name": "t" } }, {}, "POD_OF_GANG"],
  [
    "gang by LeaderWorkerSet",
    { labels: { "leaderworkerset.sigs.k8s.io/name": "t" } },
    {},
    "POD_OF_GANG",
  ],
  ["gang by Kueue", { labels: { "kueue.x-k8s.io/podset": "t" } }, {}, "POD_OF_GANG"],
  ["gang by Volcano", { labels: { "volcano.sh/job-name": "t" } }, {}, "POD_OF_GANG"],
  ["gang, consented", { isOfGang: true }, { policy: { allowGangs: true } }, "EVICTABLE"],
  ["running pod of a Job", ofJob, {}, "JOB_WOULD_FAIL"],
  ["running pod of a Job, consented", ofJob, { policy: { allowJobRestarts: true } }, "EVICTABLE"],
  ["pending pod of a Job", { ...ofJob, phase: "Pending" }, {}, "EVICTABLE"],
  ["9", { volumes: emptyDir }, {}, "EVICTABLE"],
  [
    "9, forbidden",
    { volumes: emptyDir },
    { policy: { allowEmptyDir: false } },
    "POD_WITH_EMPTY_DIR",
  ],
  ["10", {}, { budgets: [aBudget(), aBudget({ name: "other", selector: {} })] }, "SEVERAL_BUDGETS"],
  [
    "10, not Ready",
    { isReady: false },
    {
      budgets: [
        aBudget({ unhealthyPodEvictionPolicy: "AlwaysAllow" }),
        aBudget({ name: "other", selector: {} }),
      ],
    },
    "SEVERAL_BUDGETS",
  ],
  [
    "10, Pending",
    { phase: "Pending", isReady: false },
    { budgets: [aBudget(), aBudget({ name: "other", selector: {} })] },
    "EVICTABLE",
  ],
  ["11", {}, { budgets: [never] }, "BUDGET_NEVER_ALLOWS"],
  [
    "11, phase Unknown",
    { phase: "Unknown", isReady: false },
    { budgets: [aBudget({ maxUnavailable: 0, currentHealthy: 0, desiredHealthy: 3 })] },
    "BUDGET_NEVER_ALLOWS",
  ],
  ["11, Pending", { phase: "Pending" }, { budgets: [never] }, "EVICTABLE"],
  [
    "11, not Ready under AlwaysAllow",
    { isReady: false },
    { budgets: [{ ...never, unhealthyPodEvictionPolicy: "AlwaysAllow" }] },
    "EVICTABLE",
  ],
  [
    "11, not Ready while enough are healthy",
    { isReady: false },
    {
      budgets: [
        aBudget({ maxUnavailable: 0, currentHealthy: 3, desiredHealthy: 3, expectedPods: 3 }),
      ],
    },
    "EVICTABLE",
  ],
  [
    "11, not Ready while too few are healthy",
    { isReady: false },
    { budgets: [aBudget({ maxUnavailable: 0, currentHealthy: 2, desiredHealthy: 3 })] },
    "BUDGET_NEVER_ALLOWS",
  ],
  ["12", {}, { budgets: [noneNow] }, "EVICTABLE by its budget"],
  [
    "12, its operator moves it",
    { labels: { "strimzi.io/kind": "Kafka" } },
    { budgets: [never] },
    "EVICTABLE",
  ],
  [
    "12, a virtual machine",
    { labels: { "kubevirt.io/domain": "vm" } },
    { budgets: [never] },
    "EVICTABLE",
  ],
  ["13", {}, {}, "EVICTABLE"],
  ["13, Pending with a budget", { phase: "Pending" }, { budgets: [noneNow] }, "EVICTABLE"],
  [
    "13, initializing",
    { phase: "Pending", isInitializing: true, startTime: at(-600) },
    {},
    "POD_INITIALIZING (passes)",
  ],
  [
    "13, initializing for too long",
    { phase: "Pending", isInitializing: true, startTime: at(-900) },
    {},
    "EVICTABLE",
  ],
  [
    "a budget of another namespace",
    {},
    { budgets: [{ ...never, namespace: "bank" }] },
    "EVICTABLE",
  ],
  [
    "a budget without selector",
    {},
    { budgets: [{ ...never, selector: undefined } as unknown as BudgetFacts] },
    "EVICTABLE",
  ],
  ["a budget of all", {}, { budgets: [{ ...never, selector: {} }] }, "BUDGET_NEVER_ALLOWS"],
  [
    "a budget by expression",
    {},
    {
      budgets: [
        {
          ...never,
          selector: { matchExpressions: [{ key: "app", operator: "NotIn", values: ["db"] }] },
        },
      ],
    },
    "BUDGET_NEVER_ALLOWS",
  ],
];

describe("the class of a pod", () => {
  it.each(rows)("row %s", (_row, pod, around, expected) => {
    expect(short(classify(pod, around))).toBe(expected);
  });

  it.each(rows.filter(([, pod, around]) => classify(pod, around).kind === "HELD"))(
    "names the pod and ends as a sentence: row %s",
    (_row, pod, around) => {
      const standing = classify(pod, around);
      const sentence = standing.kind === "HELD" ? standing.sentence : "";
      expect(sentence).toMatch(/^Pod shop\/web-1 .*\.$/);
    },
  );

  it("names the budget, since when it blocks, and what would help", () => {
    const since = at(-86_400);
    const conditions = [
      { type: "DisruptionAllowed", status: "False" as const, lastTransitionTime: since },
    ];
    expect(classify({}, { budgets: [{ ...never, conditions }] })).toEqual({
      kind: "HELD",
      code: "BUDGET_NEVER_ALLOWS",
      sentence:
        "Pod shop/web-1 can't be evicted: budget shop/web has maxUnavailable 0, and never lets a pod go: set its maxUnavailable to 1.",
      isLasting: true,
      budget: "shop/web",
      since,
    });
  });
});
