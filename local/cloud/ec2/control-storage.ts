/** What scenarios declare that costs money without being used: addresses, volumes, snapshots, images, gateways, and rules of the bin. */
import { allocate } from "./addresses.ts";
import { createVolume } from "./block-devices.ts";
import { newId, type Ec2Context } from "./context.ts";
import { defined } from "./defined.ts";
import { createInterface } from "./interface-records.ts";
import { addEndpointService } from "./endpoint-services.ts";
import { addNatGateway, type NatGatewayDeclaration } from "./nat-gateways.ts";
import { openRegion } from "./regions.ts";
import { addFastRestore } from "./snapshot-keeping.ts";
import type { BinRule } from "./kept-state.ts";
import type { Image, RegionState, Zone } from "./state.ts";
import type { Traits } from "./traits.ts";

interface Place {
  readonly accountId: string;
  readonly region: string;
}

interface Declared extends Place {
  readonly tags?: Readonly<Record<string, string>>;
  /** Default: 90. */
  readonly ageDays?: number;
}

interface AddressDeclaration extends Declared {
  readonly traits?: Traits["address"];
}

interface InterfaceDeclaration extends Place {
  readonly tags?: Readonly<Record<string, string>>;
  readonly interfaceType?: string;
  /** Of an Elastic IP that it has. */
  readonly allocationId?: string;
  readonly traits?: Traits["networkInterface"];
}

interface VolumeDeclaration extends Declared {
  /** Default: 100. */
  readonly sizeGib?: number;
  readonly volumeType?: string;
  readonly iops?: number;
  readonly throughput?: number;
  readonly kmsKeyId?: string;
  readonly multiAttach?: boolean;
  readonly snapshotId?: string;
  readonly traits?: Traits["volume"];
}

interface SnapshotDeclaration extends Declared {
  /** Default: of a volume that is gone. `copy`: EC2 shows an arbitrary id. */
  readonly volumeId?: string;
  readonly isCopy?: boolean;
  readonly sizeGib?: number;
  readonly description?: string;
  /** Account ids, or `all`. */
  readonly sharedWith?: readonly string[];
  readonly traits?: Traits["snapshot"];
}

interface ImageDeclaration extends Declared {
  readonly name: string;
  /** Default: one snapshot of its own. */
  readonly snapshotIds?: readonly string[];
  readonly sharedWith?: Image["sharedWith"];
  readonly isPublic?: boolean;
  readonly productCodes?: readonly string[];
  readonly state?: Image["state"];
  readonly traits?: Traits["image"];
}

export interface StorageControl {
  /** An Elastic IP that nothing has. Returns its allocation id. */
  addAddress(address: AddressDeclaration): string;
  /** The address was released, and another account has it by now. */
  giveAddressAway(place: Place, allocationId: string): void;
  /** A network interface that nothing uses. */
  addInterface(networkInterface: InterfaceDeclaration): string;
  /** A volume that nothing has. */
  addVolume(volume: VolumeDeclaration): string;
  /** One that is complete. */
  addSnapshot(snapshot: SnapshotDeclaration): string;
  addImage(image: ImageDeclaration): string;
  /** Since so many days; in the region's first zone. Returns the zone's name. */
  addFastRestore(place: Place & { readonly snapshotId: string; readonly days: number }): string;
  addNatGateway(place: Place & NatGatewayDeclaration): string;
  addEndpointService(place: Place & { readonly loadBalancerArn: string }): string;
  /** Of the Recycle Bin, from now on. Without a tag it is a rule of the whole region. */
  addBinRule(place: Place, rule: BinRule): void;
}

const dayMs = 24 * 3_600_000;
const usualDays = 90;

const bornAt = (
  { clock }: Ec2Context,
  { tags, ageDays = usualDays }: Omit<Declared, keyof Place>,
) => {
  const createdAt = clock.now() - ageDays * dayMs;
  return { createdAt, visibleAt: createdAt, tags: { ...tags } };
};

const firstZone = ({ zones, region }: RegionState): Zone => {
  const [zone] = zones;
  if (zone === undefined) throw new Error(`${region} has no zone.`);
  return zone;
};

const declareVolume = (context: Ec2Context, given: VolumeDeclaration): string => {
  const region = openRegion(context, given.accountId, given.region);
  const { createdAt: atMs, visibleAt, tags } = bornAt(context, given);
  if (given.kmsKeyId !== undefined) context.keys.rules?.ensure(region, given.kmsKeyId);
  const volume = createVolume(context, region, {
    zone: firstZone(region),
    device: {
      deviceName: "",
      sizeGib: given.sizeGib ?? 100,
      volumeType: given.volumeType ?? "gp3",
      encrypted: given.kmsKeyId !== undefined,
      ...defined({
        iops: given.iops,
        throughput: given.throughput,
        kmsKeyId: given.kmsKeyId,
        snapshotId: given.snapshotId,
      }),
    },
    tags,
    atMs,
    visibleAt,
    multiAttach: given.multiAttach ?? false,
  });
  volume.state = "available";
  Object.assign(volume, defined({ traits: given.traits }));
  return volume.id;
};

const declareSnapshot = (context: Ec2Context, given: SnapshotDeclaration): string => {
  const region = openRegion(context, given.accountId, given.region);
  const id = newId(context, "snap-");
  const { isCopy = false, volumeId } = given;
  const born = bornAt(context, given);
  region.snapshots.set(id, {
    ...born,
    id,
    ownerId: region.accountId,
    volumeId: isCopy ? "vol-ffffffff" : (volumeId ?? newId(context, "vol-")),
    sizeGib: given.sizeGib ?? 100,
    encrypted: false,
    description: given.description ?? "",
    content: { writes: 0 },
    isDeclared: true,
    dueAt: born.createdAt,
    state: "completed",
    ...defined({
      traits: given.traits,
      sharedWith: given.sharedWith?.map((by) =>
        by === "all" ? ({ Group: "all" } as const) : { UserId: by },
      ),
    }),
  });
  return id;
};

const declareImage = (context: Ec2Context, given: ImageDeclaration): string => {
  const region = openRegion(context, given.accountId, given.region);
  const id = newId(context, "ami-");
  const { accountId, region: name, ageDays } = given;
  const description = `Created by CreateImage(i-0) for ${id}`;
  const snapshotIds = given.snapshotIds ?? [
    declareSnapshot(context, {
      accountId,
      region: name,
      description,
      ...defined({ ageDays }),
    }),
  ];
  const rootDeviceName = "/dev/xvda";
  region.images.set(id, {
    ...bornAt(context, given),
    id,
    name: given.name,
    description: "",
    ownerId: accountId,
    isPublic: given.isPublic ?? false,
    devices: snapshotIds.map((snapshotId, index) => ({
      deviceName: index === 0 ? rootDeviceName : `/dev/sd${String.fromCharCode(101 + index)}`,
      snapshotId,
    })),
    architecture: "x86_64",
    platformDetails: "Linux/UNIX",
    usageOperation: "RunInstances",
    productCodes: given.productCodes ?? [],
    virtualizationType: "hvm",
    rootDeviceName,
    rootDeviceType: "ebs",
    state: given.state ?? "available",
    ...defined({ traits: given.traits, sharedWith: given.sharedWith }),
  });
  return id;
};

const declareInterface = (context: Ec2Context, given: InterfaceDeclaration): string => {
  const region = openRegion(context, given.accountId, given.region);
  const [subnet] = region.subnets.values();
  if (subnet === undefined) throw new Error(`${given.region} has no subnet.`);
  const atMs = context.clock.now();
  const record = createInterface(context, region, {
    subnet,
    groups: [],
    description: "",
    tags: { ...given.tags },
    atMs,
    visibleAt: atMs,
    interfaceType: given.interfaceType,
  });
  Object.assign(record, defined({ traits: given.traits }));
  const address = region.addresses.get(given.allocationId ?? "");
  const privateIp = record.addresses[0]?.ip ?? "";
  if (address !== undefined) {
    const associationId = newId(context, "eipassoc-");
    address.association = { associationId, networkInterfaceId: record.id, privateIp };
  }
  return record.id;
};

export const storageControls = (context: Ec2Context): StorageControl => {
  const at = ({ accountId, region }: Place): RegionState => openRegion(context, accountId, region);
  return {
    addAddress: ({ tags = {}, traits, ageDays, ...place }) => {
      const made = allocate(context, at(place), { tags, traits });
      Object.assign(made, bornAt(context, { tags, ...defined({ ageDays }) }));
      return made.id;
    },
    giveAddressAway: (place, allocationId) => {
      at(place).addresses.delete(allocationId);
      at(place).kept.addressesElsewhere.add(allocationId);
    },
    addInterface: (given) => declareInterface(context, given),
    addVolume: (given) => declareVolume(context, given),
    addSnapshot: (given) => declareSnapshot(context, given),
    addImage: (given) => declareImage(context, given),
    addFastRestore: ({ snapshotId, days, ...place }) => {
      const zone = firstZone(at(place));
      const enabledAt = context.clock.now() - days * dayMs;
      addFastRestore(at(place), { snapshotId, zone, enabledAt });
      return zone.name;
    },
    addNatGateway: ({ accountId, region, ...given }) =>
      addNatGateway(context, at({ accountId, region }), given),
    addEndpointService: ({ loadBalancerArn, ...place }) =>
      addEndpointService(context, at(place), loadBalancerArn),
    addBinRule: (place, rule) => {
      at(place).kept.binRules.push(rule);
    },
  };
};
