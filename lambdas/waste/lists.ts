/** Reads the lists of an account in a region, each to its end. */
import { readLaunchConfigurations } from "../../adapters/aws/autoscaling/launch-configurations.ts";
import { readBackupSelections } from "../../adapters/aws/backup-plans.ts";
import { readProtectedArns } from "../../adapters/aws/backup.ts";
import { readEndpointServices } from "../../adapters/aws/ec2/endpoint-services.ts";
import { readFastRestores } from "../../adapters/aws/ec2/fast-restores.ts";
import { readNatGateways, readNatRoutes } from "../../adapters/aws/ec2/nat-gateways.ts";
import { readAddresses, readOwnInterfaces } from "../../adapters/aws/ec2/own-addresses.ts";
import { readOwnImages } from "../../adapters/aws/ec2/own-images.ts";
import { readOwnSnapshots, readSnapshotLocks } from "../../adapters/aws/ec2/own-snapshots.ts";
import { readOwnVolumes } from "../../adapters/aws/ec2/own-volumes.ts";
import { readStoppedInstances } from "../../adapters/aws/ec2/stopped-instances.ts";
import { readTemplateSources } from "../../adapters/aws/ec2/template-sources.ts";
import type { Inventory } from "../../core/waste/inventory.ts";
import type { CustomerClients } from "../runtime/context.ts";

/** By which everything is judged that may be deleted. */
export type WasteClientNames = "autoScaling" | "backup" | "cloudFormation" | "cloudWatch" | "ec2";
export type WasteClients = Pick<CustomerClients, WasteClientNames>;

/** Load balancers, which are told alone, are the scanner's. */
export type ListName = Exclude<keyof Inventory, "loadBalancers">;

export const listReadings: {
  readonly [Name in ListName]: (clients: WasteClients) => Promise<Inventory[Name]>;
} = {
  addresses: ({ ec2 }) => readAddresses(ec2),
  interfaces: ({ ec2 }) => readOwnInterfaces(ec2),
  volumes: ({ ec2 }) => readOwnVolumes(ec2),
  snapshots: ({ ec2 }) => readOwnSnapshots(ec2),
  locks: ({ ec2 }) => readSnapshotLocks(ec2),
  fastRestores: ({ ec2 }) => readFastRestores(ec2),
  images: ({ ec2 }) => readOwnImages(ec2),
  configurations: ({ autoScaling }) => readLaunchConfigurations(autoScaling),
  templates: ({ ec2 }) => readTemplateSources(ec2),
  protectedArns: ({ backup }) => readProtectedArns(backup),
  backupSelections: ({ backup }) => readBackupSelections(backup),
  stopped: ({ ec2 }) => readStoppedInstances(ec2),
  natGateways: ({ ec2 }) => readNatGateways(ec2),
  natRoutes: ({ ec2 }) => readNatRoutes(ec2),
  endpointServices: ({ ec2 }) => readEndpointServices(ec2),
};

export const isListName = (name: keyof Inventory): name is ListName => name !== "loadBalancers";

/** Some of them. @throws what a reading throws */
export const readLists = async <Name extends ListName>(
  clients: WasteClients,
  names: readonly Name[],
): Promise<Pick<Inventory, Name>> =>
  Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name, await listReadings[name](clients)] as const),
    ),
  ) as Pick<Inventory, Name>;
