/** Finds what carries a tag, a kind at a time: of every kind of EC2's that we make, and that costs money or stands in somebody's way. */
import {
  DescribeSpotInstanceRequestsCommand,
  DescribeVolumesCommand,
  type EC2Client,
  type Filter,
  type Instance,
  type Volume,
} from "@aws-sdk/client-ec2";
import type { HourlyCharge, TaggedKind, TaggedThing } from "../../../core/model/tagged-thing.ts";
import { readAllPages } from "../paging.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { describeReservations } from "./capacity-reservations.ts";
import { describeInstances, findInterfaces, largestPage, tagRecord } from "./describe.ts";
import { describeOwnImages } from "./images.ts";
import { findTaggedSecurityGroups } from "./security-groups.ts";
import { describeSnapshots, toSnapshotFacts } from "./snapshots.ts";

interface Tag {
  readonly key: string;
  readonly value: string;
}

type Finder = (ec2: EC2Client, tag: Tag) => Promise<readonly TaggedThing[]>;

const filterOf = ({ key, value }: Tag): Filter & { Name: string; Values: string[] } => ({
  Name: `tag:${key}`,
  Values: [value],
});

/** What a running one costs; of one that is stopped EC2 charges the volumes alone. */
const chargeOf = (instance: Instance): HourlyCharge | undefined => {
  const { InstanceType: instanceType, PlatformDetails: product, Placement: placement } = instance;
  if (instance.State?.Name !== "running") return undefined;
  if (instanceType === undefined || product === undefined) return undefined;
  if (instance.InstanceLifecycle === undefined) return { instanceType, product };
  const spotZoneId = placement?.AvailabilityZoneId;
  return spotZoneId === undefined ? undefined : { instanceType, product, spotZoneId };
};

/** Terminated ones included: EC2 shows them for an hour. */
const findInstances: Finder = async (ec2, tag) => {
  const instances = await describeInstances(ec2, [filterOf(tag)]);
  return instances.map((instance) =>
    withoutUndefined({
      kind: "instance" as const,
      id: required(instance.InstanceId, "an instance's id"),
      state: required(instance.State?.Name, "an instance's state"),
      tags: tagRecord(instance.Tags),
      madeAt: instance.LaunchTime?.toISOString(),
      // EC2 sends an empty string where none was given.
      clientToken: instance.ClientToken === "" ? undefined : instance.ClientToken,
      charge: chargeOf(instance),
    }),
  );
};

const toVolume = (volume: Volume): TaggedThing =>
  withoutUndefined({
    kind: "volume" as const,
    id: required(volume.VolumeId, "a volume's id"),
    state: required(volume.State, "a volume's state"),
    tags: tagRecord(volume.Tags),
    madeAt: volume.CreateTime?.toISOString(),
    instanceId: volume.Attachments?.find(({ State }) => State !== "detached")?.InstanceId,
  });

const findVolumes: Finder = async (ec2, tag) => {
  const volumes = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeVolumes", resource: tag.value }, () =>
        ec2.send(
          new DescribeVolumesCommand({
            Filters: [filterOf(tag)],
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.Volumes,
    next: (page) => page.NextToken,
  });
  return volumes.map(toVolume);
};

/** EC2 does not say when an interface was made. */
const findTaggedInterfaces: Finder = async (ec2, tag) => {
  const interfaces = await findInterfaces(ec2, { resource: tag.value, filters: [filterOf(tag)] });
  return interfaces.map((found) =>
    withoutUndefined({
      kind: "network-interface" as const,
      id: required(found.NetworkInterfaceId, "a network interface's id"),
      state: required(found.Status, "a network interface's status"),
      tags: tagRecord(found.TagSet),
      instanceId: found.Attachment?.InstanceId,
    }),
  );
};

const findTaggedImages: Finder = async (ec2, tag) => {
  const images = await describeOwnImages(ec2, filterOf(tag));
  return images.map((image) =>
    withoutUndefined({
      kind: "image" as const,
      id: required(image.ImageId, "an image's id"),
      state: required(image.State, "an image's state"),
      tags: tagRecord(image.Tags),
      madeAt: image.CreationDate,
      name: image.Name,
    }),
  );
};

/** EC2 shows a request for a while after its end. */
const isOver = (state: string | undefined): boolean =>
  state === "closed" || state === "cancelled" || state === "failed";

const findSpotRequests: Finder = async (ec2, tag) => {
  const requests = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeSpotInstanceRequests", resource: tag.value }, () =>
        ec2.send(
          new DescribeSpotInstanceRequestsCommand({
            Filters: [filterOf(tag)],
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.SpotInstanceRequests,
    next: (page) => page.NextToken,
  });
  return requests
    .filter(({ State }) => !isOver(State))
    .map((request) =>
      withoutUndefined({
        kind: "spot-instances-request" as const,
        id: required(request.SpotInstanceRequestId, "a Spot request's id"),
        state: required(request.State, "a Spot request's state"),
        tags: tagRecord(request.Tags),
        madeAt: request.CreateTime?.toISOString(),
        instanceId: request.InstanceId,
      }),
    );
};

const findTaggedSnapshots: Finder = async (ec2, tag) => {
  const snapshots = await describeSnapshots(ec2, filterOf(tag));
  return snapshots.map((snapshot) => {
    const { snapshotId: id, ...facts } = toSnapshotFacts(snapshot);
    const madeAt = snapshot.StartTime?.toISOString();
    return withoutUndefined({
      kind: "snapshot" as const,
      id,
      ...facts,
      tags: tagRecord(snapshot.Tags),
      madeAt,
    });
  });
};

/** Those that hold capacity; no other costs anything. */
const findTaggedReservations: Finder = async (ec2, tag) => {
  const reservations = await describeReservations(ec2, tag);
  return reservations.map((found) => {
    const { InstanceType: instanceType, InstancePlatform: product } = found;
    return withoutUndefined({
      kind: "capacity-reservation" as const,
      id: required(found.CapacityReservationId, "a capacity reservation's id"),
      state: required(found.State, "a capacity reservation's state"),
      tags: tagRecord(found.Tags),
      madeAt: found.CreateDate?.toISOString(),
      // Whoever copies the tags to one for several instances pays for several: that price is not told.
      charge:
        instanceType === undefined || product === undefined || found.TotalInstanceCount !== 1
          ? undefined
          : { instanceType, product },
    });
  });
};

const findSecurityGroups: Finder = async (ec2, tag) => {
  const groups = await findTaggedSecurityGroups(ec2, tag);
  return groups.map(({ groupId: id, name, tags }) => ({
    kind: "security-group" as const,
    id,
    state: "available",
    tags,
    name,
  }));
};

/** Besides instances and images. */
const finders = {
  "security-group": findSecurityGroups,
  volume: findVolumes,
  "network-interface": findTaggedInterfaces,
  "spot-instances-request": findSpotRequests,
  snapshot: findTaggedSnapshots,
  "capacity-reservation": findTaggedReservations,
} satisfies Partial<Record<TaggedKind, Finder>>;

const allFinders: Readonly<Record<Exclude<TaggedKind, "resource-group">, Finder>> = {
  ...finders,
  instance: findInstances,
  image: findTaggedImages,
};

/** Those of one kind that carry the tag, instances that have ended among them. @throws what the reading throws */
export const findTaggedOf = (
  kind: Exclude<TaggedKind, "resource-group">,
  ec2: EC2Client,
  tag: Tag,
): Promise<readonly TaggedThing[]> => allFinders[kind](ec2, tag);

/** Those of all kinds that carry the tag, besides instances and images. */
export const findTagged = async (ec2: EC2Client, tag: Tag): Promise<readonly TaggedThing[]> =>
  (await Promise.all(Object.values(finders).map((find) => find(ec2, tag)))).flat();
