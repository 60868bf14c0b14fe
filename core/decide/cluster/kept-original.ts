/**
 * Originals that leave their group and are kept stopped: which these are, and what such a one is used for when its time is over. What hung on it as
 * a member is its own, and goes with it.
 */
import { isOnDemand, type GroupMember, type MemberInstance } from "../../model/group.ts";
import type { InstanceFacts } from "../../model/instance.ts";
import type { Intent } from "../../model/intent.ts";
import {
  ownerAmong,
  serviceOwners,
  foreignOptimizers,
  codeOwnerOf,
} from "../switch/owner-lists.ts";
import { nextWatch } from "../switch/watch.ts";
import { judgeUse, type Keeping } from "../switch/retirement.ts";
import type { Policy } from "../../policy/policy.ts";

/** A one-time Spot Instance can't be stopped, so that one of these is ended through its group whatever is asked for. */
export const isToBeKept = (
  member: Pick<GroupMember, "instance">,
  { keepOriginalsHours }: Pick<Policy, "keepOriginalsHours">,
): boolean => keepOriginalsHours > 0 && isOnDemand(member);

/** Volumes and interfaces that a member has. */
export const partIdsOf = ({ volumes, interfaces }: MemberInstance): readonly string[] => [
  ...volumes.map(({ volumeId }) => volumeId),
  ...interfaces.map(({ networkInterfaceId }) => networkInterfaceId),
];

/** The pair stands: an original that is kept is looked at from now on, for its owner may start it again at any time. */
export const committed = (intent: Intent, now: Date): Intent => ({
  ...intent,
  status: "COMMITTED",
  ...(intent.change.kind === "RETIRE_ORIGINAL"
    ? { retryAt: nextWatch(now, intent.change.dueAt) }
    : {}),
});

type Parts = Pick<InstanceFacts, "volumes" | "networkInterfaces">;

/** A member that held one was not replaced. */
const addressesOf = ({ networkInterfaces }: Parts): readonly string[] =>
  networkInterfaces.flatMap(({ privateAddresses }) =>
    privateAddresses.flatMap(({ allocationId }) => allocationId ?? []),
  );

const broughtSince = (original: Parts, partIds: readonly string[]): readonly string[] => [
  ...original.volumes.map(({ volumeId }) => volumeId).filter((id) => !partIds.includes(id)),
  ...original.networkInterfaces
    .map(({ networkInterfaceId }) => networkInterfaceId)
    .filter((id) => !partIds.includes(id)),
  ...addressesOf(original),
];

type Consent = Pick<Policy, "acceptIacDrift">;

/** The tags that its group gave it are still on it. */
const handsOn = ({ tags }: Pick<InstanceFacts, "tags">, { acceptIacDrift }: Consent) => {
  const found = [
    ownerAmong(tags, [...serviceOwners, ...foreignOptimizers]),
    acceptIacDrift ? undefined : codeOwnerOf(tags),
  ];
  return found.flatMap((owner) => (owner === undefined ? [] : `${owner.name} (tag ${owner.tag})`));
};

/** A reason to keep it for good, its time having come; undefined: it is used for nothing. */
export const judgeUseOfMember = (input: {
  readonly original: InstanceFacts;
  /** Its volumes and interfaces when it was retired. */
  readonly partIds: readonly string[];
  readonly groups: readonly string[];
  readonly consents: readonly Consent[];
}): Keeping | undefined => {
  const { original, partIds, groups, consents } = input;
  return judgeUse({
    original,
    brought: broughtSince(original, partIds),
    groups,
    hands: [...new Set(consents.flatMap((consent) => handsOn(original, consent)))],
  });
};
