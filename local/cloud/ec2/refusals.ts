/** EC2's refusals with EC2's own codes and words. */
import { CloudError } from "../contract.ts";

export const refuse = (code: string, message: string): CloudError => new CloudError(code, message);

/** EC2 answers 500 for want of capacity. */
export const noCapacity = (message: string): CloudError =>
  new CloudError("InsufficientInstanceCapacity", message, 500);

export interface Kind {
  readonly label: string;
  readonly prefix: string;
  readonly notFound: string;
  readonly malformed: string;
}

export const kinds = {
  instance: {
    label: "instance ID",
    prefix: "i-",
    notFound: "InvalidInstanceID.NotFound",
    malformed: "InvalidInstanceID.Malformed",
  },
  volume: {
    label: "volume",
    prefix: "vol-",
    notFound: "InvalidVolume.NotFound",
    malformed: "InvalidParameterValue",
  },
  snapshot: {
    label: "snapshot",
    prefix: "snap-",
    notFound: "InvalidSnapshot.NotFound",
    malformed: "InvalidParameterValue",
  },
  image: {
    label: "image id",
    prefix: "ami-",
    notFound: "InvalidAMIID.NotFound",
    malformed: "InvalidAMIID.Malformed",
  },
  networkInterface: {
    label: "networkInterface ID",
    prefix: "eni-",
    notFound: "InvalidNetworkInterfaceID.NotFound",
    malformed: "InvalidNetworkInterfaceId.Malformed",
  },
  address: {
    label: "allocation ID",
    prefix: "eipalloc-",
    notFound: "InvalidAllocationID.NotFound",
    malformed: "InvalidParameterValue",
  },
  subnet: {
    label: "subnet ID",
    prefix: "subnet-",
    notFound: "InvalidSubnetID.NotFound",
    malformed: "InvalidSubnetID.Malformed",
  },
  securityGroup: {
    label: "security group",
    prefix: "sg-",
    notFound: "InvalidGroup.NotFound",
    malformed: "InvalidGroupId.Malformed",
  },
  routeTable: {
    label: "routeTable ID",
    prefix: "rtb-",
    notFound: "InvalidRouteTableID.NotFound",
    malformed: "InvalidRouteTableId.Malformed",
  },
  natGateway: {
    label: "NAT gateway",
    prefix: "nat-",
    notFound: "NatGatewayNotFound",
    malformed: "NatGatewayMalformed",
  },
  spotRequest: {
    label: "spot instance request ID",
    prefix: "sir-",
    notFound: "InvalidSpotInstanceRequestID.NotFound",
    malformed: "InvalidSpotInstanceRequestID.Malformed",
  },
  capacityReservation: {
    label: "Capacity Reservation ID",
    prefix: "cr-",
    notFound: "InvalidCapacityReservationId.NotFound",
    malformed: "InvalidCapacityReservationId.Malformed",
  },
  template: {
    label: "launch template",
    prefix: "lt-",
    notFound: "InvalidLaunchTemplateId.NotFound",
    malformed: "InvalidLaunchTemplateId.Malformed",
  },
  rootTask: {
    label: "replace root volume task",
    prefix: "replacevol-",
    notFound: "InvalidReplaceRootVolumeTaskId.NotFound",
    malformed: "InvalidReplaceRootVolumeTaskId.Malformed",
  },
} as const satisfies Record<string, Kind>;

export const notFound = (kind: Kind, ids: readonly string[]): CloudError =>
  refuse(
    kind.notFound,
    ids.length === 1
      ? `The ${kind.label} '${ids.join()}' does not exist`
      : `The ${kind.label}s '${ids.join(", ")}' do not exist`,
  );

/** @throws CloudError where the parameter is absent. */
export const required = <T>(value: T | undefined, name: string): T => {
  if (value === undefined) {
    throw refuse("MissingParameter", `The request must contain the parameter ${name}`);
  }
  return value;
};
