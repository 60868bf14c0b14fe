/** Which instances ECS places tasks on, by its clusters' own lists: those that joined by themselves carry no tag of ECS. */
import {
  DescribeClustersCommand,
  DescribeContainerInstancesCommand,
  ListClustersCommand,
  ListContainerInstancesCommand,
  type ECSClient,
} from "@aws-sdk/client-ecs";
import { inGroups } from "../../core/in-groups.ts";
import { orAbsent } from "./or-absent.ts";
import { readAllPages } from "./paging.ts";
import { required } from "./required.ts";
import { callAws } from "./translate-error.ts";

/** Of a list, and of what a describe takes. Source: Amazon ECS API reference. */
const most = 100;

const clusterArns = (ecs: ECSClient): Promise<readonly string[]> =>
  readAllPages({
    fetch: (token) =>
      callAws({ action: "ListClusters" }, () =>
        ecs.send(new ListClustersCommand({ maxResults: most, nextToken: token })),
      ),
    items: (page) => page.clusterArns,
    next: (page) => page.nextToken,
  });

/** Most have none: their tasks run on Fargate. */
const withInstances = async (
  ecs: ECSClient,
  arns: readonly string[],
): Promise<readonly string[]> => {
  const { clusters = [] } = await callAws({ action: "DescribeClusters" }, () =>
    ecs.send(new DescribeClustersCommand({ clusters: [...arns] })),
  );
  return clusters
    .filter(({ registeredContainerInstancesCount: count = 1 }) => count > 0)
    .map(({ clusterArn }) => required(clusterArn, "the ARN of a cluster"));
};

/** Draining ones among them: without a status ECS lists all but inactive ones. */
const membersOf = (ecs: ECSClient, cluster: string): Promise<readonly string[]> =>
  readAllPages({
    fetch: (token) =>
      callAws({ action: "ListContainerInstances", resource: cluster }, () =>
        ecs.send(
          new ListContainerInstancesCommand({ cluster, maxResults: most, nextToken: token }),
        ),
      ),
    items: (page) => page.containerInstanceArns,
    next: (page) => page.nextToken,
  });

const instanceIdsOf = async (
  ecs: ECSClient,
  { cluster, arns }: { readonly cluster: string; readonly arns: readonly string[] },
): Promise<readonly string[]> => {
  const { containerInstances = [] } = await callAws(
    { action: "DescribeContainerInstances", resource: cluster },
    () =>
      ecs.send(new DescribeContainerInstancesCommand({ cluster, containerInstances: [...arns] })),
  );
  return containerInstances.flatMap(({ ec2InstanceId }) => ec2InstanceId ?? []);
};

const isGone = (code: string): boolean => code === "ClusterNotFoundException";

const idsIn = async (ecs: ECSClient, cluster: string): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (const arns of inGroups(await membersOf(ecs, cluster), most)) {
    ids.push(...(await instanceIdsOf(ecs, { cluster, arns })));
  }
  return ids;
};

/** Of all clusters of the region. @throws what a call throws: nothing of a list that was not read to its end is used */
export const readContainerInstances = async (ecs: ECSClient): Promise<ReadonlySet<string>> => {
  const found = new Set<string>();
  for (const arns of inGroups(await clusterArns(ecs), most)) {
    for (const cluster of await withInstances(ecs, arns)) {
      const ids = (await orAbsent(() => idsIn(ecs, cluster), isGone)) ?? [];
      for (const id of ids) found.add(id);
    }
  }
  return found;
};
