/** Zone names (`eu-central-1a`) differ per account; zone ids (`euc1-az2`) do not. Pools are named by id. */
import { DescribeAvailabilityZonesCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { callAws } from "../translate-error.ts";

/** Zone id by zone name, for this account: of the zones named, or of all zones of the region. */
export const readZoneIds = async (
  ec2: EC2Client,
  zoneNames?: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
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
  return new Map(
    (answer.AvailabilityZones ?? []).flatMap(({ ZoneName, ZoneId }) =>
      ZoneName === undefined || ZoneId === undefined ? [] : [[ZoneName, ZoneId] as const],
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
