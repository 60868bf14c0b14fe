/** Zone names (`eu-central-1a`) differ per account; zone ids (`euc1-az2`) do not. Pools are named by id. */
import {
  DescribeAvailabilityZonesCommand,
  type AvailabilityZone,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { callAws } from "../translate-error.ts";

/** Of the zones named, or of all zones of the region that the account may use. */
const describeZones = async (
  ec2: EC2Client,
  zoneNames?: readonly string[],
): Promise<readonly AvailabilityZone[]> => {
  const about = {
    action: "DescribeAvailabilityZones",
    ...(zoneNames === undefined ? {} : { resource: zoneNames.join(" ") }),
  };
  const answer = await callAws(about, () =>
    ec2.send(
      new DescribeAvailabilityZonesCommand(
        zoneNames === undefined ? {} : { ZoneNames: [...zoneNames] },
      ),
    ),
  );
  return answer.AvailabilityZones ?? [];
};

/** Zone id by zone name, for this account: of the zones named, or of all zones of the region. */
export const readZoneIds = async (
  ec2: EC2Client,
  zoneNames?: readonly string[],
): Promise<ReadonlyMap<string, string>> =>
  new Map(
    (await describeZones(ec2, zoneNames)).flatMap(({ ZoneName, ZoneId }) =>
      ZoneName === undefined || ZoneId === undefined ? [] : [[ZoneName, ZoneId] as const],
    ),
  );

/** `eu-central-1a`: an Availability Zone, of its region's border group. `us-east-1-nyc-1a` and `us-east-1-wl1-bos-wlz-1` are others. */
const availabilityZone = /^([a-z]+(?:-[a-z]+)+-\d+)[a-z]$/;

/**
 * Network border group by zone name: from where AWS announces the addresses of a zone. Local and Wavelength Zones have their own,
 * out of which an Elastic IP can't go; EC2 is asked only where there is such a zone. Source: EC2 user guide, "Local Zones".
 */
export const readBorderGroups = async (
  ec2: EC2Client,
  zoneNames: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const regions = zoneNames.map((name) => [name, availabilityZone.exec(name)?.[1]] as const);
  const known = regions.flatMap(([name, region]) =>
    region === undefined ? [] : [[name, region] as const],
  );
  if (known.length === zoneNames.length) return new Map(known);
  return new Map(
    (await describeZones(ec2)).flatMap(({ ZoneName, NetworkBorderGroup }) =>
      ZoneName === undefined || NetworkBorderGroup === undefined
        ? []
        : [[ZoneName, NetworkBorderGroup] as const],
    ),
  );
};

/** @throws BrokenFacts when EC2 did not name the zone */
export const zoneIdOf = (zoneIds: ReadonlyMap<string, string>, zoneName: string): string => {
  const zoneId = zoneIds.get(zoneName);
  if (zoneId !== undefined) return zoneId;
  throw new SpotOptimizerError("BrokenFacts", `EC2 names no zone id for ${zoneName}.`, {
    resource: zoneName,
  });
};
