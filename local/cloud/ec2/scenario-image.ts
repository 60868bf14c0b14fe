/** Public images that declared instances run from: owned by somebody else, available since ever. */
import type { InstanceTypeRecord } from "../market/market.ts";
import { newId, type Ec2Context } from "./context.ts";
import { defined } from "./defined.ts";
import type { Image, ImageDevice, RegionState } from "./state.ts";

/** What an instance's declaration says of its image. */
export interface ImageDeclaration {
  readonly platformDetails?: string;
  readonly productCodes?: readonly string[];
  readonly rootDeviceType?: "ebs" | "instance-store";
  readonly rootGib?: number;
  readonly rootEncrypted?: boolean;
  /** Of the root, if it is encrypted. Default: `aws/ebs`. */
  readonly kmsKeyId?: string;
}

/**
 * Instance stores that the image maps, as Canonical's do on every type: a type without ignores them. Sources: ubuntu-images'
 * block device mappings (ephemeral0, ephemeral1); EC2 user guide, "Instance store volumes in the block device mapping".
 */
const mappedStores: readonly ImageDevice[] = [
  { deviceName: "/dev/sdb", virtualName: "ephemeral0" },
  { deviceName: "/dev/sdc", virtualName: "ephemeral1" },
];

const publicOwner = "137112412989";
const sinceEver = { createdAt: 0, visibleAt: 0, tags: {} };

interface System {
  readonly name: string;
  readonly rootDeviceName: string;
  readonly rootGib: number;
  readonly usageOperation: string;
}

const linux: System = {
  name: "al2023-ami-2023",
  rootDeviceName: "/dev/xvda",
  rootGib: 8,
  usageOperation: "RunInstances",
};
const windows: System = {
  name: "Windows_Server-2022",
  rootDeviceName: "/dev/sda1",
  rootGib: 30,
  usageOperation: "RunInstances:0002",
};

const encryptionOf = (
  context: Ec2Context,
  region: RegionState,
  { rootEncrypted = false, kmsKeyId }: ImageDeclaration,
) => ({
  encrypted: rootEncrypted,
  ...(rootEncrypted && defined({ kmsKeyId: kmsKeyId ?? context.keys.rules?.managedKey(region) })),
});

const rootDevice = (
  context: Ec2Context,
  region: RegionState,
  wanted: { readonly declaration: ImageDeclaration; readonly system: System },
): readonly ImageDevice[] => {
  const { declaration, system } = wanted;
  if (declaration.rootDeviceType === "instance-store") return [];
  const snapshotId = newId(context, "snap-");
  const sizeGib = declaration.rootGib ?? system.rootGib;
  region.snapshots.set(snapshotId, {
    ...sinceEver,
    id: snapshotId,
    ownerId: publicOwner,
    volumeId: "vol-ffffffff",
    sizeGib,
    ...encryptionOf(context, region, declaration),
    description: "Root of a public image",
    content: { writes: 0 },
    dueAt: 0,
    state: "completed",
  });
  return [
    {
      deviceName: system.rootDeviceName,
      snapshotId,
      sizeGib,
      volumeType: "gp3",
      encrypted: declaration.rootEncrypted ?? false,
    },
  ];
};

const hardwareOf = (
  type: InstanceTypeRecord,
): Pick<Image, "architecture" | "virtualizationType"> => {
  const [architecture = "x86_64"] = type.architectures;
  const [virtualizationType = "hvm"] = type.virtualizationTypes;
  return { architecture, virtualizationType };
};

export const declareImage = (
  context: Ec2Context,
  region: RegionState,
  wanted: { readonly declaration: ImageDeclaration; readonly type: InstanceTypeRecord },
): Image => {
  const { declaration, type } = wanted;
  const platformDetails = declaration.platformDetails ?? "Linux/UNIX";
  const system = platformDetails.startsWith("Windows") ? windows : linux;
  const id = newId(context, "ami-");
  const image: Image = {
    ...sinceEver,
    ...hardwareOf(type),
    id,
    name: `${system.name}-${type.architectures.join()}-${id.slice(-8)}`,
    description: "A public image of the simulated cloud",
    ownerId: publicOwner,
    isPublic: true,
    platformDetails,
    usageOperation: system.usageOperation,
    productCodes: declaration.productCodes ?? [],
    rootDeviceName: system.rootDeviceName,
    rootDeviceType: declaration.rootDeviceType ?? "ebs",
    ...(type.bootModes.includes("legacy-bios") ? {} : { bootMode: "uefi" as const }),
    devices: [...rootDevice(context, region, { declaration, system }), ...mappedStores],
    state: "available",
  };
  region.images.set(id, image);
  return image;
};
