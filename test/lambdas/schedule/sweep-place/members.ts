/** Targets of a sweep that have members: Auto Scaling groups and nodes of a cluster. */
import {
  giveAccess,
  registerNodes,
  type NodeRegistration,
} from "../../../../local/lab/node-subject.ts";
import { registerGroup, type GroupRegistration } from "../../../../local/lab/group-subject.ts";
import {
  addCluster,
  type ClusterDescription,
  type ClusterOfOwner,
} from "../../../../local/platform/customer-cluster.ts";
import { addGroup, type GroupDescription } from "../../../../local/platform/customer-group.ts";
import { passMinutes, type SweepLab } from "./place-lab.ts";

const surroundings = ({ account: { platform }, place }: SweepLab) => ({ platform, ...place });

/** Its members serve. @returns the target's id */
export const addGroupTarget = async (
  lab: SweepLab,
  description: Partial<GroupDescription> & { readonly name: string },
  registration: GroupRegistration = { isShadowMode: true },
): Promise<string> => {
  addGroup(surroundings(lab), description);
  await passMinutes(lab, 5);
  return registerGroup(lab.account, { ...lab.place, name: description.name }, registration);
};

/** A managed node group has a Spot node group beside it. */
export const addNodesTarget = async (
  lab: SweepLab,
  description: ClusterDescription = {},
  registration: NodeRegistration = {},
): Promise<{ readonly targetId: string; readonly cluster: ClusterOfOwner }> => {
  const { isManaged = true } = description;
  const tags = isManaged ? { "eks:cluster-name": "shop", "eks:nodegroup-name": "workers" } : {};
  const cluster = addCluster(surroundings(lab), "shop", {
    nodes: { tags, size: 4, zones: 2 },
    ...description,
    isManaged,
  });
  await giveAccess(lab.account, cluster);
  await passMinutes(lab, 5);
  const targetId = await registerNodes(lab.account, cluster, {
    scope: "ALL",
    isShadowMode: true,
    ...(isManaged && { policy: { spot_node_group: cluster.spotNodeGroup } }),
    ...registration,
  });
  return { targetId, cluster };
};
