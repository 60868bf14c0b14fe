/** Reads EC2's lists of a place to their ends, and makes the facts on each instance of them. */
import type {
  EC2Client,
  Image,
  Instance,
  InstanceStatus,
  NetworkInterface,
  Subnet,
  Volume,
} from "@aws-sdk/client-ec2";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { Failure } from "../../../core/model/evaluation.ts";
import type { AccountId } from "../../../core/model/ids.ts";
import type { BulkInstance, PlaceReading, Unreadable } from "../../../core/model/place-reading.ts";
import { describeImages, describeStatuses, findInterfaces, findVolumes } from "../ec2/describe.ts";
import { toInstanceFacts } from "../ec2/instance-facts.ts";
import { describeSubnets } from "../ec2/subnets.ts";
import { readZoneIds, zoneIdOf } from "../ec2/zones.ts";
import { required } from "../required.ts";

type ById<Item> = ReadonlyMap<string, Item>;

export interface Ec2Lists {
  readonly instances: ById<Instance>;
  readonly volumes: ById<Volume>;
  readonly interfaces: ById<NetworkInterface>;
  readonly statuses: ById<InstanceStatus>;
  readonly images: ById<Image>;
  readonly subnets: readonly Subnet[];
  /** Zone id by zone name. */
  readonly zoneIds: ReadonlyMap<string, string>;
}

const byId = <Item>(
  items: readonly Item[],
  idOf: (item: Item) => string | undefined,
  what: string,
): ById<Item> => new Map(items.map((item) => [required(idOf(item), what), item]));

/** The subnets tell it; a zone that none of them is in is asked for. */
const zoneIdsOf = async (
  ec2: EC2Client,
  instances: readonly Instance[],
  subnets: readonly Subnet[],
): Promise<ReadonlyMap<string, string>> => {
  const known = new Map(
    subnets.flatMap(({ AvailabilityZone: name, AvailabilityZoneId: id }) =>
      name === undefined || id === undefined ? [] : [[name, id] as const],
    ),
  );
  const zones = instances.flatMap(({ Placement }) => Placement?.AvailabilityZone ?? []);
  return zones.every((zone) => known.has(zone)) ? known : readZoneIds(ec2);
};

/**
 * Seven calls for up to 1,000 of each thing, beside that of the instances. `imageIds` are read besides those of the instances.
 * @throws what a page throws: nothing of a list that was not read to its end is used
 */
export const readEc2Lists = async (
  ec2: EC2Client,
  instances: readonly Instance[],
  imageIds: readonly string[],
): Promise<Ec2Lists> => {
  const images = new Set([...instances.flatMap(({ ImageId }) => ImageId ?? []), ...imageIds]);
  const [volumes, interfaces, statuses, found, subnets] = await Promise.all([
    findVolumes(ec2, { filters: [] }),
    findInterfaces(ec2, { filters: [] }),
    describeStatuses(ec2),
    describeImages(ec2, [...images].sort()),
    describeSubnets(ec2, { filters: [] }),
  ]);
  return {
    instances: byId(instances, ({ InstanceId }) => InstanceId, "an instance's id"),
    volumes: byId(volumes, ({ VolumeId }) => VolumeId, "a volume's id"),
    interfaces: byId(interfaces, (one) => one.NetworkInterfaceId, "a network interface's id"),
    statuses: byId(statuses, ({ InstanceId }) => InstanceId, "the instance of a status"),
    images: byId(found, ({ ImageId }) => ImageId, "an image's id"),
    subnets,
    zoneIds: await zoneIdsOf(ec2, instances, subnets),
  };
};

const found = <Item>(ids: readonly (string | undefined)[], items: ById<Item>): readonly Item[] =>
  ids.flatMap((id) => (id === undefined ? [] : (items.get(id) ?? [])));

interface Place {
  readonly accountId: AccountId;
  readonly region: string;
}

/** What no list tells is left out again. @throws BrokenFacts when EC2 leaves out what it always sends */
const bulkInstance = (instance: Instance, lists: Ec2Lists, place: Place): BulkInstance => {
  const { InstanceId: id = "", ImageId: imageId = "", Placement } = instance;
  const volumeIds = (instance.BlockDeviceMappings ?? []).map(({ Ebs }) => Ebs?.VolumeId);
  const interfaceIds = (instance.NetworkInterfaces ?? []).map((one) => one.NetworkInterfaceId);
  const zoneName = required(Placement?.AvailabilityZone, `the zone of ${id}`);
  const {
    disableApiTermination: _termination,
    disableApiStop: _stop,
    targetGroups: _groups,
    ...facts
  } = toInstanceFacts({
    ...place,
    instance,
    volumes: found(volumeIds, lists.volumes),
    interfaces: found(interfaceIds, lists.interfaces),
    image: lists.images.get(imageId),
    status: lists.statuses.get(id),
    disableApiTermination: false,
    disableApiStop: false,
    zoneId: zoneIdOf(lists.zoneIds, zoneName),
  });
  return facts;
};

export const failureOf = ({ name, message }: SpotOptimizerError): Failure => ({
  error: name,
  cause: message,
});

/** Each apart: one whose description can't be understood leaves the others as they are. Sorted by id. */
export const bulkInstances = (
  lists: Ec2Lists,
  place: Place,
): Pick<PlaceReading, "instances" | "unreadable"> => {
  const instances: BulkInstance[] = [];
  const unreadable: Unreadable[] = [];
  for (const [id, instance] of [...lists.instances].sort(([one], [other]) =>
    one < other ? -1 : 1,
  )) {
    try {
      instances.push(bulkInstance(instance, lists, place));
    } catch (error) {
      if (!(error instanceof SpotOptimizerError)) throw error;
      unreadable.push({ id, failure: failureOf(error) });
    }
  }
  return { instances, unreadable };
};
