/**
 * What a launch refers to by name: key pair, instance profile, placement group, licence configurations. They exist apart from the
 * instances that were launched with them, and may be gone while these still name them.
 */
import type {
  DescribeKeyPairsCommandInput,
  DescribeKeyPairsResult,
  DescribePlacementGroupsCommandInput,
  DescribePlacementGroupsResult,
  PlacementGroup,
  PlacementGroupStrategy,
  RunInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import type { InstanceTypeRecord } from "../market/market.ts";
import { newId, type Ec2Context } from "./context.ts";
import { applyFilters } from "./filters.ts";
import type { PlacementGroupRecord } from "./kept-state.ts";
import { refuse } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import type { RegionState, Subnet } from "./state.ts";

/** What somebody has made, so that a launch may name it. */
export interface Named {
  readonly keyName?: string | undefined;
  readonly profileArn?: string | undefined;
  readonly licenses?: readonly string[] | undefined;
  readonly placementGroup?: string | undefined;
  readonly placementStrategy?: PlacementGroupStrategy | undefined;
}

export const makeNamed = (context: Ec2Context, region: RegionState, named: Named): void => {
  if (named.keyName !== undefined) region.keyPairs.add(named.keyName);
  if (named.profileArn !== undefined) region.profiles.add(named.profileArn);
  for (const license of named.licenses ?? []) region.licenses.add(license);
  const { placementGroup: name } = named;
  if (name === undefined || region.placementGroups.has(name)) return;
  region.placementGroups.set(name, {
    id: newId(context, "pg-"),
    name,
    strategy: named.placementStrategy ?? "cluster",
  });
};

export const removeNamed = (region: RegionState, named: Named): void => {
  if (named.keyName !== undefined) region.keyPairs.delete(named.keyName);
  if (named.profileArn !== undefined) region.profiles.delete(named.profileArn);
  for (const license of named.licenses ?? []) region.licenses.delete(license);
  if (named.placementGroup !== undefined) region.placementGroups.delete(named.placementGroup);
};

type Placement = RunInstancesCommandInput["Placement"];

/** By name or id. Undefined: the launch names none, or one that does not exist. */
export const groupNamed = (
  region: RegionState,
  placement: Placement,
): PlacementGroupRecord | undefined =>
  [...region.placementGroups.values()].find(
    ({ id, name }) => id === placement?.GroupId || name === placement?.GroupName,
  );

interface Launch {
  readonly input: RunInstancesCommandInput;
  readonly type: InstanceTypeRecord;
  readonly subnet: Subnet;
}

export const strategiesOf = ({ burstable }: InstanceTypeRecord): PlacementGroupStrategy[] =>
  burstable ? ["partition", "spread"] : ["cluster", "partition", "spread"];

/**
 * † Codes: InvalidPlacementGroup.Unknown is in the EC2 API reference, "Error codes"; that burstable types and a second zone are
 * refused in a cluster group is in the user guide, "Placement strategies". The words are from memory.
 */
const checkGroup = (region: RegionState, { input, type, subnet }: Launch): void => {
  const { GroupId: id, GroupName: name = "" } = input.Placement ?? {};
  if (id === undefined && name === "") return;
  const group = groupNamed(region, input.Placement);
  if (group === undefined) {
    throw refuse(
      "InvalidPlacementGroup.Unknown",
      `The Placement Group '${id ?? name}' is unknown.`,
    );
  }
  if (!strategiesOf(type).includes(group.strategy)) {
    throw refuse(
      "InvalidParameterCombination",
      `Placement groups may not be used with instances of type '${type.instanceType}'.`,
    );
  }
  const other = [...region.instances.values()].find(
    ({ placementGroup, state, zone }) =>
      placementGroup?.name === group.name && state !== "terminated" && zone.id !== subnet.zone.id,
  );
  if (group.strategy !== "cluster" || other === undefined) return;
  throw refuse(
    "InvalidParameterCombination",
    `The Placement Group '${group.name}' is in the Availability Zone ${other.zone.name}.`,
  );
};

/** † EC2's words for a deleted profile, as people report them; the code of a deleted licence configuration is from memory. */
const checkProfile = (region: RegionState, { input }: Launch): void => {
  const { Arn, Name } = input.IamInstanceProfile ?? {};
  const arn =
    Arn ??
    (Name === undefined ? undefined : `arn:aws:iam::${region.accountId}:instance-profile/${Name}`);
  if (arn === undefined || region.profiles.has(arn)) return;
  throw refuse(
    "InvalidParameterValue",
    `Value (${arn}) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN`,
  );
};

const checkLicenses = (region: RegionState, { input }: Launch): void => {
  const gone = (input.LicenseSpecifications ?? []).find(
    ({ LicenseConfigurationArn: arn = "" }) => !region.licenses.has(arn),
  );
  if (gone === undefined) return;
  throw refuse(
    "InvalidParameterValue",
    `The license configuration '${String(gone.LicenseConfigurationArn)}' does not exist.`,
  );
};

/** None: the type takes no CPU options at all. T2 and types of one vCPU. Source: ValidCores in DescribeInstanceTypes. */
export const validCoresOf = (type: InstanceTypeRecord): readonly number[] => {
  if (type.vcpu === 1 || (type.burstable && type.hypervisor === "xen")) return [];
  return Array.from({ length: type.vcpu / type.threadsPerCore }, (_, index) => index + 1);
};

/** † That T2 refuses them is in the user guide, "CPU options"; code and words are from memory. */
const checkCpu = ({ input, type }: Launch): void => {
  const { CpuOptions: cpu } = input;
  if (cpu === undefined) return;
  const valid = validCoresOf(type);
  if (valid.length === 0) {
    throw refuse(
      "UnsupportedOperation",
      `The ${type.instanceType} instance type does not support specifying CpuOptions.`,
    );
  }
  if (cpu.CoreCount !== undefined && !valid.includes(cpu.CoreCount)) {
    throw refuse("InvalidParameterValue", `Invalid CpuOptions.CoreCount ${String(cpu.CoreCount)}`);
  }
};

/** @throws CloudError for what the launch names and is not there, or does not go together with its type and zone. */
export const checkReferences = (region: RegionState, launch: Launch): void => {
  const { KeyName: key } = launch.input;
  if (key !== undefined && !region.keyPairs.has(key)) {
    throw refuse("InvalidKeyPair.NotFound", `The key pair '${key}' does not exist`);
  }
  checkProfile(region, launch);
  checkLicenses(region, launch);
  checkGroup(region, launch);
  checkCpu(launch);
};

const describeKeyPairs =
  (context: Ec2Context) =>
  (call: Call, input: DescribeKeyPairsCommandInput): DescribeKeyPairsResult => {
    const region = regionOf(context, call);
    const absent = input.KeyNames?.find((name) => !region.keyPairs.has(name));
    if (absent !== undefined) {
      throw refuse("InvalidKeyPair.NotFound", `The key pair '${absent}' does not exist`);
    }
    const names = [...region.keyPairs].filter((name) => input.KeyNames?.includes(name) ?? true);
    const found = applyFilters(names, input.Filters, { "key-name": (name) => name });
    return { KeyPairs: found.map((KeyName) => ({ KeyName })) };
  };

const viewGroup = (
  { accountId, region }: RegionState,
  { id, name, strategy }: PlacementGroupRecord,
): PlacementGroup => ({
  GroupId: id,
  GroupName: name,
  GroupArn: `arn:aws:ec2:${region}:${accountId}:placement-group/${name}`,
  State: "available",
  Strategy: strategy,
});

const describePlacementGroups =
  (context: Ec2Context) =>
  (call: Call, input: DescribePlacementGroupsCommandInput): DescribePlacementGroupsResult => {
    const region = regionOf(context, call);
    const groups = [...region.placementGroups.values()];
    const absent = [
      ...(input.GroupIds ?? []).filter((id) => !groups.some((group) => group.id === id)),
      ...(input.GroupNames ?? []).filter((name) => !region.placementGroups.has(name)),
    ];
    if (absent.length > 0) {
      throw refuse(
        "InvalidPlacementGroup.Unknown",
        `The Placement Group '${absent.join(", ")}' is unknown.`,
      );
    }
    const named = groups.filter(
      ({ id, name }) =>
        (input.GroupIds?.includes(id) ?? true) && (input.GroupNames?.includes(name) ?? true),
    );
    const found = applyFilters(named, input.Filters, {
      "group-name": ({ name }) => name,
      strategy: ({ strategy }) => strategy,
      state: () => "available",
    });
    return { PlacementGroups: found.map((group) => viewGroup(region, group)) };
  };

export const referenceOperations = (context: Ec2Context) => ({
  DescribeKeyPairs: describeKeyPairs(context),
  DescribePlacementGroups: describePlacementGroups(context),
});
