/** Rules about what members have beyond what their template gives: at one member more there may be none left of it. */
import { isOnSpot, type GroupMember } from "../../../model/group.ts";
import type { GroupTemplate } from "../../../model/group-template.ts";
import { listed } from "../../switch/objection.ts";
import { ofTemplate, type GroupRule } from "../../switch/group/rule.ts";

/** Devices that the launch of a member makes for itself, interfaces included, are its own. */
export const holdingsBeyond = (
  { instance }: Pick<GroupMember, "instance">,
  { deviceNames, interfaces }: Pick<GroupTemplate, "deviceNames" | "interfaces">,
): readonly string[] => {
  if (instance === undefined) return [];
  const volumes = instance.volumes.filter(({ deviceName }) => !deviceNames.includes(deviceName));
  const beyond = instance.interfaces
    .toSorted(
      (one, other) =>
        one.networkCardIndex - other.networkCardIndex || one.deviceIndex - other.deviceIndex,
    )
    .slice(interfaces);
  return [
    ...volumes.map(({ volumeId, deviceName }) => `volume ${volumeId} on ${deviceName}`),
    ...beyond.map(({ networkInterfaceId }) => `interface ${networkInterfaceId}`),
    ...instance.elasticIps.map((address) => `address ${address}`),
  ];
};

/** A replacement would find the pool empty, or take what a serving member has. */
const holdNothing = ofTemplate((template, { group }) => {
  const found = group.members
    .filter((member) => !isOnSpot(member))
    .flatMap((member) => {
      const held = holdingsBeyond(member, template);
      return held.length === 0 ? [] : [`${member.instanceId} holds ${listed(held)}`];
    });
  return found.length === 0
    ? undefined
    : {
        code: "MEMBER_HOLDS_RESOURCE",
        sentence: `Members of group ${group.asgName} have more than their template gives: ${listed(found)}. A replacement would get none, or take it from a member that serves: keep the group On-Demand, or put these resources elsewhere.`,
      };
});

export const memberRules: readonly GroupRule[] = [holdNothing];
