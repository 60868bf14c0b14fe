/** Room for a replacement beside its original in the group's placement group. */
import type { GroupFacts } from "../../../model/group.ts";

/**
 * In a zone, for each group that spreads over racks. Source: EC2 user guide, "Placement groups": "A rack spread placement group
 * supports a maximum of seven running instances per Availability Zone."
 */
const mostPerZone = 7;

/** Instances that the placement group takes besides in a zone; Infinity where nothing limits them. */
export const spreadRoomIn = (
  { placementGroup, members }: Pick<GroupFacts, "placementGroup" | "members">,
  zoneId: string,
): number => {
  const isByRack =
    placementGroup?.strategy === "spread" && (placementGroup.spreadLevel ?? "rack") === "rack";
  if (!isByRack) return Infinity;
  return mostPerZone - members.filter((member) => member.zoneId === zoneId).length;
};
