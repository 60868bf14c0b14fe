/**
 * An instance read again by what EC2 shows of it in one call: which volumes, interfaces and addresses it has. What these are was read
 * before.
 */
import type {
  EC2Client,
  Instance,
  InstanceBlockDeviceMapping,
  InstanceNetworkInterface,
  InstancePrivateIpAddress,
} from "@aws-sdk/client-ec2";
import type {
  InstanceFacts,
  NetworkInterfaceFacts,
  PrivateAddressFacts,
  VolumeFacts,
} from "../../../core/model/instance.ts";
import { required } from "../required.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { describeInstance, stopOf } from "./describe.ts";
import {
  addressOwnerAmazon,
  byCardAndDevice,
  byDeviceName,
  toInstanceFacts,
} from "./instance-facts.ts";
import type { InstanceReading, ShownInstance } from "./instances.ts";

/** What was known before, as it is shown now; or the name of what was not. */
type Part<Known> = { readonly known: Known } | { readonly added: string };

const knownIn = <Known>(parts: readonly Part<Known>[]): readonly Known[] =>
  parts.flatMap((part) => ("known" in part ? [part.known] : []));

const addedIn = (parts: readonly Part<unknown>[]): readonly string[] =>
  parts.flatMap((part) => ("added" in part ? [part.added] : []));

const volumeAsShown = (
  before: readonly VolumeFacts[],
  { DeviceName: device, Ebs }: InstanceBlockDeviceMapping,
): Part<VolumeFacts>[] => {
  if (Ebs?.VolumeId === undefined) return [];
  const { VolumeId: id, DeleteOnTermination: deleteOnTermination } = Ebs;
  const known = before.find(({ volumeId, deviceName }) => volumeId === id && deviceName === device);
  return known === undefined
    ? [{ added: `volume ${id} on ${String(device)}` }]
    : [{ known: { ...known, ...withoutUndefined({ deleteOnTermination }) } }];
};

/** Of an Elastic IP it shows the address alone: by that it is known. */
const addressAsShown = (
  before: readonly PrivateAddressFacts[],
  { PrivateIpAddress, Association }: InstancePrivateIpAddress,
): Part<PrivateAddressFacts> => {
  const shown = String(PrivateIpAddress);
  const known = before.find(({ privateIp }) => privateIp === shown);
  if (known === undefined) return { added: `private address ${shown}` };
  if (Association === undefined || Association.IpOwnerId === addressOwnerAmazon) {
    const { privateIp, primary } = known;
    return { known: withoutUndefined({ privateIp, primary, publicIp: Association?.PublicIp }) };
  }
  const { PublicIp: publicIp } = Association;
  return known.allocationId !== undefined && known.publicIp === publicIp
    ? { known }
    : { added: `Elastic IP ${String(publicIp)} at ${shown}` };
};

interface ShownInterface {
  readonly facts: NetworkInterfaceFacts;
  readonly added: readonly string[];
}

const interfaceAsShown = (
  before: readonly NetworkInterfaceFacts[],
  shown: InstanceNetworkInterface,
): Part<ShownInterface> => {
  const { NetworkInterfaceId: id, Attachment, Groups, SourceDestCheck: sourceDestCheck } = shown;
  const at = required(Attachment?.DeviceIndex, `the device index of ${String(id)}`);
  const known = before.find(
    ({ networkInterfaceId, deviceIndex }) => networkInterfaceId === id && deviceIndex === at,
  );
  if (known === undefined) {
    return { added: `network interface ${String(id)} at index ${String(at)}` };
  }
  const addresses = required(shown.PrivateIpAddresses, `the addresses of ${String(id)}`).map(
    (each) => addressAsShown(known.privateAddresses, each),
  );
  const facts = {
    ...known,
    ...withoutUndefined({
      attachmentId: Attachment?.AttachmentId,
      deleteOnTermination: Attachment?.DeleteOnTermination,
      sourceDestCheck,
    }),
    securityGroupIds: (Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
    privateAddresses: knownIn(addresses),
  };
  return { known: { facts, added: addedIn(addresses) } };
};

const ownFacts = (before: InstanceFacts, instance: Instance): InstanceFacts => {
  const { imageExists, scheduledEvents, targetGroups, notCarried, placementGroup } = before;
  const own = toInstanceFacts({
    accountId: before.accountId,
    region: before.region,
    zoneId: before.zoneId,
    instance,
    volumes: [],
    interfaces: [],
    image: undefined,
    status: undefined,
    disableApiStop: before.disableApiStop,
    disableApiTermination: before.disableApiTermination,
  });
  const ofParts = (before.unenrolled ?? []).filter((id) => id !== before.instanceId);
  return {
    ...own,
    imageExists,
    scheduledEvents,
    targetGroups,
    ...(notCarried === undefined ? {} : { notCarried }),
    unenrolled: [...(own.unenrolled ?? []), ...ofParts],
    ...(placementGroup === undefined ? {} : { placementGroup }),
  };
};

export interface ShownReading extends Pick<InstanceReading, "facts" | "stop"> {
  /** What it has now and had not before, named for a sentence; `facts` are without it. */
  readonly added: readonly string[];
}

/**
 * What it is and what it has, from one call, or from none where it was `shown` right before. Not seen: what EC2 tells of a part alone,
 * such as its tags. Undefined when EC2 does not show it. @throws BrokenFacts when EC2 leaves out what it always sends
 */
export const readInstanceAsShown = async (
  ec2: EC2Client,
  before: InstanceFacts,
  shown?: ShownInstance,
): Promise<ShownReading | undefined> => {
  const instance = shown?.instance ?? (await describeInstance(ec2, before.instanceId));
  if (instance === undefined) return undefined;
  const volumes = (instance.BlockDeviceMappings ?? []).flatMap((each) =>
    volumeAsShown(before.volumes, each),
  );
  const interfaces = (instance.NetworkInterfaces ?? []).map((each) =>
    interfaceAsShown(before.networkInterfaces, each),
  );
  const known = knownIn(interfaces);
  const facts = {
    ...ownFacts(before, instance),
    volumes: knownIn(volumes).toSorted(byDeviceName),
    networkInterfaces: known.map((each) => each.facts).toSorted(byCardAndDevice),
  };
  const added = [
    ...addedIn(volumes),
    ...addedIn(interfaces),
    ...known.flatMap((each) => each.added),
  ];
  return withoutUndefined({ facts, stop: stopOf(instance), added });
};
