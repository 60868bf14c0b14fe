/** Finds what carries a tag, of every kind that costs money or stands in somebody's way, besides instances and images. */
import {
  DescribeSpotInstanceRequestsCommand,
  DescribeVolumesCommand,
  type EC2Client,
  type Filter,
} from "@aws-sdk/client-ec2";
import { readAllPages } from "../paging.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { findReservations } from "./capacity-reservations.ts";
import { findInterfaces, largestPage } from "./describe.ts";
import { findTaggedSecurityGroups } from "./security-groups.ts";
import { findTaggedSnapshots } from "./snapshots.ts";

export interface TaggedThing {
  /** As EC2 names kinds of resources. */
  readonly kind: string;
  readonly id: string;
  /** As EC2 spells it. */
  readonly state: string;
  /** Instance that holds it, or was launched for it. */
  readonly instanceId?: string;
  /** Image that a snapshot was made for. */
  readonly imageId?: string;
}

interface Tag {
  readonly key: string;
  readonly value: string;
}

type Finder = (ec2: EC2Client, tag: Tag) => Promise<readonly TaggedThing[]>;

const byTag = ({ key, value }: Tag): Filter[] => [{ Name: `tag:${key}`, Values: [value] }];

const findVolumes: Finder = async (ec2, tag) => {
  const volumes = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeVolumes", resource: tag.value }, () =>
        ec2.send(
          new DescribeVolumesCommand({
            Filters: byTag(tag),
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.Volumes,
    next: (page) => page.NextToken,
  });
  return volumes.map((volume) =>
    withoutUndefined({
      kind: "volume",
      id: required(volume.VolumeId, "a volume's id"),
      state: required(volume.State, "a volume's state"),
      instanceId: volume.Attachments?.find(({ State }) => State !== "detached")?.InstanceId,
    }),
  );
};

const findTaggedInterfaces: Finder = async (ec2, tag) => {
  const interfaces = await findInterfaces(ec2, { resource: tag.value, filters: byTag(tag) });
  return interfaces.map((found) =>
    withoutUndefined({
      kind: "network-interface",
      id: required(found.NetworkInterfaceId, "a network interface's id"),
      state: required(found.Status, "a network interface's status"),
      instanceId: found.Attachment?.InstanceId,
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
            Filters: byTag(tag),
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
        kind: "spot-instances-request",
        id: required(request.SpotInstanceRequestId, "a Spot request's id"),
        state: required(request.State, "a Spot request's state"),
        instanceId: request.InstanceId,
      }),
    );
};

const findSnapshots: Finder = async (ec2, tag) => {
  const snapshots = await findTaggedSnapshots(ec2, tag);
  return snapshots.map(({ snapshotId: id, ...snapshot }) => ({
    kind: "snapshot",
    id,
    ...snapshot,
  }));
};

/** Those that hold capacity; no other costs anything. */
const findTaggedReservations: Finder = async (ec2, tag) => {
  const reservations = await findReservations(ec2, tag);
  return reservations.map(({ reservationId: id, state }) => ({
    kind: "capacity-reservation",
    id,
    state,
  }));
};

const findSecurityGroups: Finder = async (ec2, tag) => {
  const groups = await findTaggedSecurityGroups(ec2, tag);
  return groups.map(({ groupId: id }) => ({ kind: "security-group", id, state: "available" }));
};

/** A kind that we make has a row here. */
const finders: readonly Finder[] = [
  findSecurityGroups,
  findVolumes,
  findTaggedInterfaces,
  findSpotRequests,
  findSnapshots,
  findTaggedReservations,
];

export const findTagged = async (ec2: EC2Client, tag: Tag): Promise<readonly TaggedThing[]> =>
  (await Promise.all(finders.map((find) => find(ec2, tag)))).flat();
