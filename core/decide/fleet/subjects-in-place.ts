/** Lists what of a place could be a target, for who asks before anything is registered. */
import type { BulkGroup, BulkInstance, PlaceReading } from "../../model/place-reading.ts";
import type { GroupMember } from "../../model/group.ts";
import { hasEnded } from "../../model/instance.ts";
import { clusterNameTag, nodeGroupTag } from "./facts-of-nodes.ts";

/** By which it would be registered: the instance itself, or the first of the members. */
interface Registrable {
  readonly instanceId: BulkInstance["instanceId"];
  readonly instanceType: string;
  /** The zone's name, as the account has it. */
  readonly availabilityZone: string;
}

/** A member of a group is not a subject of its own, and neither is a node: its group is. */
export type SubjectInPlace =
  | ({ readonly mode: "LINEAR"; readonly tags: BulkInstance["tags"] } & Registrable)
  | ({
      readonly tags: BulkGroup["tags"];
      readonly asgName: string;
      /** Absent: the group has no member, and nothing to register it by. */
      readonly member?: Registrable;
    } & (
      | { readonly mode: "CLUSTER" }
      | {
          readonly mode: "KUBERNETES";
          readonly clusterName: string;
          /** Of a self-managed node group the name of its Auto Scaling group. */
          readonly nodeGroup: string;
          readonly isManaged: boolean;
        }
    ));

/** Source: Amazon EKS user guide, "Self-managed nodes": `kubernetes.io/cluster/<name>: owned` stands on what a cluster uses. */
const clusterTag = /^kubernetes\.io\/cluster\/(.+)$/;

type Tags = BulkInstance["tags"];

const clusterIn = (tags: Tags): string | undefined =>
  tags[clusterNameTag] ??
  Object.keys(tags)
    .map((key) => clusterTag.exec(key)?.[1])
    .find((name) => name !== undefined);

/** Who launches nodes by a template of his own may tag the instances alone. */
const clusterOf = (
  { tags, members }: BulkGroup,
  tagsOf: ReadonlyMap<string, Tags>,
): string | undefined =>
  clusterIn(tags) ??
  members
    .map(({ instanceId }) => clusterIn(tagsOf.get(instanceId) ?? {}))
    .find((name) => name !== undefined);

const memberOf = ({ members }: BulkGroup): Registrable | undefined => {
  const [first] = members;
  return first && registrable(first);
};

const registrable = ({ instanceId, instanceType, zoneName }: GroupMember): Registrable => ({
  instanceId,
  instanceType,
  availabilityZone: zoneName,
});

const subjectOfGroup = (group: BulkGroup, tagsOf: ReadonlyMap<string, Tags>): SubjectInPlace => {
  const { asgName, tags } = group;
  const member = memberOf(group);
  const shown = { asgName, tags, ...(member !== undefined && { member }) };
  const clusterName = clusterOf(group, tagsOf);
  if (clusterName === undefined) return { mode: "CLUSTER", ...shown };
  const managed = tags[nodeGroupTag];
  return {
    mode: "KUBERNETES",
    ...shown,
    clusterName,
    nodeGroup: managed ?? asgName,
    isManaged: managed !== undefined,
  };
};

const groupsOf = ({ groups }: PlaceReading): readonly BulkGroup[] =>
  groups.kind === "READ" ? groups.items : [];

/** Auto Scaling sets it on each member. Where the groups could not be read it is all that tells. */
const memberTag = "aws:autoscaling:groupName";

/** What has ended is not a subject. Groups first, each list in its own order. */
export const subjectsInPlace = (reading: PlaceReading): readonly SubjectInPlace[] => {
  const groups = groupsOf(reading);
  const members = new Set<string>(
    groups.flatMap((group) => group.members.map(({ instanceId }) => instanceId)),
  );
  const alone = reading.instances.filter(
    ({ instanceId, state, tags }) =>
      !hasEnded(state) && !members.has(instanceId) && tags[memberTag] === undefined,
  );
  const tagsOf = new Map<string, Tags>(
    reading.instances.map(({ instanceId, tags }) => [instanceId, tags]),
  );
  return [
    ...groups.map((group) => subjectOfGroup(group, tagsOf)),
    ...alone.map(({ instanceId, instanceType, zoneName, tags }) => ({
      mode: "LINEAR" as const,
      instanceId,
      instanceType,
      availabilityZone: zoneName,
      tags,
    })),
  ];
};

/** Those of a cluster that EKS manages, by name. */
export const managedNodeGroups = (reading: PlaceReading, clusterName: string): readonly string[] =>
  groupsOf(reading)
    .flatMap(({ tags }) => (tags[clusterNameTag] === clusterName ? (tags[nodeGroupTag] ?? []) : []))
    .sort();
