/**
 * What one launch is made of where CreateFleet makes it: a launch template that is kept ready, which holds all that does not depend on pool and
 * image, and the request, which holds the rest. Pure. Source: EC2 API reference, FleetLaunchTemplateOverridesRequest: image and devices may be
 * overridden in a fleet of type instant; security groups, credits and CPU options may not.
 */
import type {
  CreateFleetCommandInput,
  FleetLaunchTemplateOverridesRequest,
  Image,
  RequestLaunchTemplateData,
  ResourceType,
  RunInstancesCommandInput,
  TagSpecification,
  _InstanceType,
} from "@aws-sdk/client-ec2";
import { tagList } from "./describe.ts";
import { spotRequest, type SpotLaunch } from "./launch-request.ts";

type Tags = Readonly<Record<string, string>>;

/** What CreateFleet tags by itself in a fleet of type instant; all else is tagged by the template. */
const taggedByFleet: ReadonlySet<ResourceType | undefined> = new Set<ResourceType>([
  "instance",
  "volume",
]);

const isTaggedByFleet = ({ ResourceType: type }: TagSpecification): boolean =>
  taggedByFleet.has(type);

/** CPU options belong to one type, and a template can't be overridden in them. */
export const fitsTemplate = ({ blueprint }: Pick<SpotLaunch, "blueprint">): boolean =>
  blueprint.cpuOptions === undefined;

/** A burstable type's credits belong to the template, where another type would be refused for them. */
export const fitsFleet = (instanceType: string): boolean => !/^t\d/.test(instanceType);

const anyPlace = { keep: "root", instanceType: "", imageId: "", subnetId: "", clientToken: "" };

/** @param tags ours, without those of one evaluation: the template outlives it */
export const templateData = (
  blueprint: SpotLaunch["blueprint"],
  tags: Tags,
): RequestLaunchTemplateData => {
  const launch: SpotLaunch = { ...anyPlace, keep: "root", blueprint, tags };
  const {
    MinCount: _least,
    MaxCount: _most,
    ClientToken: _token,
    ImageId: _image,
    InstanceType: _type,
    InstanceMarketOptions: _market,
    BlockDeviceMappings: _devices,
    NetworkInterfaces: interfaces = [],
    TagSpecifications: specifications = [],
    ...parts
  }: RunInstancesCommandInput = spotRequest(launch, {});
  return {
    ...(parts as RequestLaunchTemplateData),
    NetworkInterfaces: interfaces.map(({ SubnetId: _subnet, ...rest }) => rest),
    TagSpecifications: specifications.filter((one) => !isTaggedByFleet(one)),
  };
};

/** One pool, by one of its zone's subnets. */
export interface FleetPlace {
  readonly instanceType: string;
  readonly subnetId: string;
}

export interface FleetLaunch extends Pick<SpotLaunch, "blueprint" | "purchase" | "tags"> {
  readonly templateId: string;
  readonly imageId: string;
  /** At most 64 characters. */
  readonly clientToken: string;
  /** Best first. */
  readonly places: readonly FleetPlace[];
}

/** Versions of a template never change: the first is the one that we made. */
const ownVersion = "1";

const overridesOf = (
  { places }: FleetLaunch,
  { ImageId, BlockDeviceMappings }: RunInstancesCommandInput,
): FleetLaunchTemplateOverridesRequest[] =>
  places.map(({ instanceType, subnetId }, index) => ({
    ImageId,
    BlockDeviceMappings,
    InstanceType: instanceType as _InstanceType,
    SubnetId: subnetId,
    Priority: index,
  }));

/** One instance in one of the places: EC2 weighs their order against the room that it has. */
export const fleetRequest = (fleet: FleetLaunch, image: Image): CreateFleetCommandInput => {
  const { templateId, clientToken, imageId, tags, blueprint, purchase } = fleet;
  const launch: SpotLaunch = {
    ...anyPlace,
    keep: "root",
    blueprint,
    imageId,
    tags,
    ...(purchase === undefined ? {} : { purchase }),
  };
  const request = spotRequest(launch, image);
  const isSpot = purchase === undefined;
  return {
    Type: "instant",
    ClientToken: clientToken,
    LaunchTemplateConfigs: [
      {
        LaunchTemplateSpecification: { LaunchTemplateId: templateId, Version: ownVersion },
        Overrides: overridesOf(fleet, request),
      },
    ],
    TargetCapacitySpecification: {
      TotalTargetCapacity: 1,
      DefaultTargetCapacityType: isSpot ? "spot" : "on-demand",
    },
    ...(isSpot
      ? {
          SpotOptions: {
            AllocationStrategy: "capacity-optimized-prioritized",
            InstanceInterruptionBehavior: "terminate",
          },
        }
      : { OnDemandOptions: { AllocationStrategy: "prioritized" } }),
    TagSpecifications: [
      { ResourceType: "fleet", Tags: tagList(tags) },
      ...(request.TagSpecifications ?? []).filter(isTaggedByFleet),
    ],
  };
};
