/** All instances of a region as the enforcer sees them, those included that a service of AWS manages; and one that it looks at again. */
import {
  DescribeInstancesCommand,
  DescribeTagsCommand,
  type DescribeInstancesCommandInput,
  type DescribeInstancesResult,
  type EC2Client,
  type Instance,
  type Reservation,
} from "@aws-sdk/client-ec2";
import { instanceIdSchema } from "../../../core/model/ids.ts";
import type { SeenInstance } from "../../../core/model/seen-instance.ts";
import { readAllPages } from "../paging.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { instanceState, largestPage, tagRecord } from "./describe.ts";

type Launched = Instance & { readonly requesterId: string | undefined };

const isPresent = (text: string | undefined): text is string => text !== undefined && text !== "";

/** Cost allocation tag that AWS writes, where the account has turned it on. */
const createdByTag = "aws:createdBy";

const principalsOf = (instance: Launched): readonly string[] => {
  const createdBy = tagRecord(instance.Tags)[createdByTag];
  const { Arn: profileArn } = instance.IamInstanceProfile ?? {};
  return [instance.requesterId, instance.Operator?.Principal, createdBy, profileArn].filter(
    isPresent,
  );
};

/** EC2's own name for the owner of an address that it lent. */
const lender = "amazon";

const interfacesOf = ({ NetworkInterfaces: interfaces = [] }: Instance) => ({
  forwards: interfaces.some(({ SourceDestCheck }) => SourceDestCheck === false),
  hasLentAddress: interfaces.some(({ Association }) => Association?.IpOwnerId === lender),
  interfaceIds: interfaces.flatMap(({ NetworkInterfaceId }) => NetworkInterfaceId ?? []),
});

const placementOf = (instance: Instance) => {
  const { Placement: placement, CapacityReservationSpecification: reservation } = instance;
  return {
    zoneName: required(placement?.AvailabilityZone, "an instance's zone"),
    isOnDedicatedHost: isPresent(placement?.HostId) || placement?.Tenancy === "host",
    isOnOutpost: isPresent(instance.OutpostArn),
    isInTargetedReservation: reservation?.CapacityReservationTarget !== undefined,
  };
};

const toSeen = (instance: Launched): SeenInstance => {
  const of = (what: string): string => `${what} of instance ${instance.InstanceId ?? ""}`;
  return withoutUndefined({
    instanceId: instanceIdSchema.parse(instance.InstanceId),
    instanceType: required(instance.InstanceType, of("the type")),
    imageId: required(instance.ImageId, of("the image")),
    state: required(instanceState(instance.State?.Name), of("the state")),
    launchedAt: required(instance.LaunchTime, of("the launch")).toISOString(),
    tags: tagRecord(instance.Tags),
    isManaged: instance.Operator?.Managed === true,
    lifecycle: instance.InstanceLifecycle,
    principals: principalsOf(instance),
    hasRootOnEbs: instance.RootDeviceType === "ebs",
    ...placementOf(instance),
    ...interfacesOf(instance),
  });
};

const launchedIn = ({ Instances: instances = [], RequesterId }: Reservation): Launched[] =>
  instances.map((instance) => ({ ...instance, requesterId: RequesterId }));

const describe = (
  ec2: EC2Client,
  input: DescribeInstancesCommandInput,
  resource?: string,
): Promise<DescribeInstancesResult> =>
  callAws({ action: "DescribeInstances", ...(resource !== undefined && { resource }) }, () =>
    ec2.send(new DescribeInstancesCommand({ IncludeManagedResources: true, ...input })),
  );

/** DescribeTags takes at most so many values in a filter. Source: EC2 API reference, Filter. */
const mostValues = 200;

/** EC2 counts tags apart, and has shown instances without theirs: of such it is asked whether they have none. */
const hasTagsApart = async (ec2: EC2Client, instances: readonly Instance[]): Promise<boolean> => {
  for (let first = 0; first < instances.length; first += mostValues) {
    const some = instances.slice(first, first + mostValues);
    const { Tags: tags = [] } = await callAws({ action: "DescribeTags" }, () =>
      ec2.send(
        new DescribeTagsCommand({
          Filters: [
            { Name: "resource-type", Values: ["instance"] },
            { Name: "resource-id", Values: some.flatMap(({ InstanceId }) => InstanceId ?? []) },
          ],
          MaxResults: largestPage,
        }),
      ),
    );
    if (tags.length > 0) return true;
  }
  return false;
};

/** Undefined: a page showed tags of none of its instances, although there are some. @throws what the reading throws */
export const readSeenInstances = async (
  ec2: EC2Client,
): Promise<readonly SeenInstance[] | undefined> => {
  const pages: Launched[][] = [];
  await readAllPages({
    fetch: async (token) => {
      const page = await describe(ec2, { MaxResults: largestPage, NextToken: token });
      pages.push((page.Reservations ?? []).flatMap(launchedIn));
      return page;
    },
    items: () => [],
    next: (page) => page.NextToken,
  });
  const tagless = pages.filter((page) => page.every(({ Tags: tags = [] }) => tags.length === 0));
  if (await hasTagsApart(ec2, tagless.flat())) return undefined;
  return pages.flat().map(toSeen);
};
/** By its id, right before something is done to it. Undefined: EC2 does not show it, or shows it without the tags that it has. */
export const readSeenInstance = async (
  ec2: EC2Client,
  instanceId: string,
): Promise<SeenInstance | undefined> => {
  const { Reservations: reservations = [] } = await describe(
    ec2,
    { Filters: [{ Name: "instance-id", Values: [instanceId] }] },
    instanceId,
  );
  const found = reservations
    .flatMap(launchedIn)
    .find(({ InstanceId }) => InstanceId === instanceId);
  if (found === undefined) return undefined;
  const isTagless = (found.Tags ?? []).length === 0;
  return isTagless && (await hasTagsApart(ec2, [found])) ? undefined : toSeen(found);
};
