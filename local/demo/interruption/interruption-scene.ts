/** Where the story of an interruption begins: a load, a group and a node that switches have brought to Spot, in an account that forwards what AWS tells. */
import { evaluationSchema, type EvaluationJson } from "../../../lambdas/api/schemas/evaluations.ts";
import type { GroupName } from "../../cloud/autoscaling/control.ts";
import { forwardEvents, type LabAccount } from "../../lab/account.ts";
import { registerGroup } from "../../lab/group-subject.ts";
import { letPodsRun } from "../../lab/node-lab.ts";
import { giveAccess, registerNodes } from "../../lab/node-subject.ts";
import { healthyHolder } from "../../lab/service.ts";
import { addWorkload, register, startEvaluation } from "../../lab/subject.ts";
import { addCluster, type ClusterOfOwner } from "../../platform/customer-cluster.ts";
import { addGroup } from "../../platform/customer-group.ts";
import type { WorkloadDescription } from "../../platform/customer-workloads.ts";

/** A switch lasts minutes. */
const longestMs = 2 * 3_600_000;

const host = "shop.example.com";

/** What its clients find at its address proves it: nothing can before it has that. */
/** Their account is a PROD one later, and nothing but their own checks proves them. */
const accepted = { accept_unproved: true } as const;

const stateless = {
  consistency: "stateless",
  // Its original would be started instead: here it is launched anew.
  cooloff_hours: 0,
  accept_change_of: ["primary-private-ip"],
  proof: [{ kind: "http", url: `https://${host}/health` }],
} as const;

/** The shop answers where a running instance has its address. */
const openShop = (account: LabAccount, allocationId: string): void => {
  account.platform.network.serve(host, () =>
    healthyHolder(account, allocationId) === undefined ? undefined : 200,
  );
};

const switchToSpot = async (account: LabAccount, targetId: string): Promise<EvaluationJson> => {
  const { api, clock } = account;
  const { evaluation_id: id } = await startEvaluation(account, targetId);
  await clock.run({ atMostMs: clock.now() + longestMs });
  const ended = await api.get(`/evaluations/${id}`, evaluationSchema);
  if (ended.status !== "SWITCHED") {
    throw new Error(`The switch before it ended ${ended.status}: ${ended.outcome?.sentence ?? ""}`);
  }
  return ended;
};

export interface Scene {
  readonly account: LabAccount;
  readonly targets: { readonly instance: string; readonly group: string; readonly nodes: string };
  /** Whom EC2 takes. */
  readonly doomed: { readonly instance: string; readonly member: string; readonly node: string };
  readonly allocationId: string;
  readonly group: GroupName;
  readonly cluster: ClusterOfOwner;
}

const replacementOf = ({ swaps }: EvaluationJson): string | undefined =>
  swaps[0]?.replacement?.instance_id;

const workloads: readonly WorkloadDescription[] = [
  { kind: "Deployment", name: "web", replicas: 6, cpu: "100m", budget: { maxUnavailable: 1 } },
];

/** Two nodes, of which a switch has replaced one. */
const addNodes = async (account: LabAccount) => {
  const nodes = { size: 2, min: 1, max: 6, zones: 1 };
  const cluster = addCluster(account, "shop", { nodes, workloads });
  await giveAccess(account, cluster);
  await letPodsRun(account);
  const target = await registerNodes(account, cluster, { scope: "ALL", policy: accepted });
  const node = replacementOf(await switchToSpot(account, target));
  return { cluster, target, node };
};

export const setScene = async (account: LabAccount): Promise<Scene> => {
  const { accountId, api, platform } = account;
  const workload = addWorkload(account, { instanceType: "m5.large", elasticIp: true });
  const [allocationId = ""] = workload.allocationIds;
  openShop(account, allocationId);
  const policyOverrides = stateless;
  const instanceTarget = await register(account, workload, {
    isShadowMode: false,
    policyOverrides,
  });
  const switched = await switchToSpot(account, instanceTarget);
  const { name } = addGroup(account, { size: 3 });
  const groupTarget = await registerGroup(account, name, {
    policy: { ...accepted, batch_size: 3 },
  });
  await switchToSpot(account, groupTarget);
  const nodes = await addNodes(account);
  await forwardEvents(account);
  // What LAB accounts lose is remembered of no pool.
  await api.send({
    method: "PATCH",
    path: `/accounts/${accountId}`,
    body: { environment: "PROD" },
  });
  const [member] = platform.autoScaling.control.find(name)?.members ?? [];
  const instance = replacementOf(switched);
  const { cluster, target: nodeTarget, node } = nodes;
  if (member === undefined || instance === undefined || node === undefined) {
    throw new Error("Nothing stands on Spot.");
  }
  return {
    account,
    targets: { instance: instanceTarget, group: groupTarget, nodes: nodeTarget },
    doomed: { instance, member: member.instanceId, node },
    allocationId,
    group: name,
    cluster,
  };
};
