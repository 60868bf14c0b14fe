/**
 * What a call that changes a node group is authorised on: the node group, with its tags. Source: Service Authorization Reference, "Actions, resources, and
 * condition keys for Amazon Elastic Kubernetes Service".
 */
import type { Authorization, ServiceModule } from "../contract.ts";
import { asked } from "../iam/asked.ts";
import type { EksContext } from "./context.ts";
import { keyOf, type Cluster, type Nodegroup } from "./state.ts";

interface Named {
  readonly clusterName?: string | undefined;
  readonly nodegroupName?: string | undefined;
}

export const nodegroupArn = (
  { accountId, region, name }: Cluster,
  { name: nodegroup, id }: Nodegroup,
): string => `arn:aws:eks:${region}:${accountId}:nodegroup/${name}/${nodegroup}/${id}`;

const onNodegroup =
  ({ clusters }: EksContext): Authorization<Named> =>
  ({ operation, region, caller: { accountId } }, input) => {
    const cluster = clusters.get(keyOf({ accountId, region, name: input.clusterName ?? "" }));
    const nodegroup = cluster?.nodegroups.get(input.nodegroupName ?? "");
    const resources =
      cluster === undefined || nodegroup === undefined
        ? []
        : [{ arn: nodegroupArn(cluster, nodegroup), type: "nodegroup", tags: nodegroup.tags }];
    return [asked(`eks:${operation}`, resources)];
  };

export const eksAuthorization = (
  context: EksContext,
): NonNullable<ServiceModule["authorization"]> => ({
  UpdateNodegroupConfig: onNodegroup(context),
});
