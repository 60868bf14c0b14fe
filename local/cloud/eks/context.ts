/** What every rule of the simulated EKS works with, and its refusals. Source: EKS API reference, errors of each action. */
import type { AutoScalingControl } from "../autoscaling/control.ts";
import type { Clock } from "../clock.ts";
import { CloudError, type Call } from "../contract.ts";
import type { Cloud } from "../dispatch.ts";
import type { Ec2Directory } from "../ec2/directory.ts";
import type { Ec2Machine } from "../ec2/machines.ts";
import type { Joining } from "../kubernetes/kubelets/machines.ts";
import type { KubeSettings } from "../kubernetes/settings.ts";
import type { Random } from "../random.ts";
import { keyOf, type Cluster, type Nodegroup } from "./state.ts";

/** How an instance of a cluster joins; undefined: as the settings draw it. */
export type JoinPlan = (instance: {
  readonly instanceId: string;
  readonly machine: Ec2Machine;
}) => Joining | undefined;

export interface EksContext {
  readonly clock: Clock;
  readonly cloud: Pick<Cloud, "clock" | "identities">;
  readonly random: Random;
  readonly directory: Ec2Directory;
  readonly groups: AutoScalingControl;
  readonly settings: Partial<KubeSettings>;
  readonly clusters: Map<string, Cluster>;
  readonly plans: Set<JoinPlan>;
}

export const notFound = (message: string): CloudError =>
  new CloudError("ResourceNotFoundException", message, 404);

export const inUse = (message: string): CloudError =>
  new CloudError("ResourceInUseException", message, 409);

export const invalidParameter = (message: string): CloudError =>
  new CloudError("InvalidParameterException", message, 400);

/** @throws CloudError ResourceNotFoundException */
export const clusterOf = (
  { clusters }: EksContext,
  { caller: { accountId }, region }: Call,
  name: string | undefined,
): Cluster => {
  const found = clusters.get(keyOf({ accountId, region, name: name ?? "" }));
  if (found === undefined) throw notFound(`No cluster found for name: ${name ?? ""}.`);
  return found;
};

/** @throws CloudError ResourceNotFoundException */
export const nodegroupOf = (cluster: Cluster, name: string | undefined): Nodegroup => {
  const found = cluster.nodegroups.get(name ?? "");
  if (found === undefined) throw notFound(`No node group found for name: ${name ?? ""}.`);
  return found;
};

/** A page of names, in order. @throws CloudError InvalidParameterException */
export const pageOf = (
  names: Iterable<string>,
  {
    maxResults = 100,
    nextToken,
  }: { readonly maxResults?: number | undefined; readonly nextToken?: string | undefined },
): { readonly names: string[]; readonly nextToken: string | undefined } => {
  if (maxResults < 1 || maxResults > 100) throw invalidParameter("maxResults must be 1 to 100.");
  const rest = [...names].sort().filter((name) => nextToken === undefined || name > nextToken);
  const page = rest.slice(0, maxResults);
  return { names: page, nextToken: rest.length > page.length ? page.at(-1) : undefined };
};
