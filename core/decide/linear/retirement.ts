/** What a retired original of LINEAR is used for: all that could travel has left it. */
import type { InstanceFacts } from "../../model/instance.ts";
import { judgeUse, type Keeping } from "../switch/retirement.ts";
import { handsWithoutConsent, type OwnersConsent } from "./eligibility/ownership.ts";
import { dataVolumes, travellingInterfaces } from "./travelling-parts.ts";

const addressesOf = ({ networkInterfaces }: InstanceFacts): readonly string[] =>
  networkInterfaces.flatMap(({ privateAddresses }) =>
    privateAddresses.flatMap(({ allocationId }) => allocationId ?? []),
  );

/** All that could travel has left it: what is there now was brought since. */
const broughtSince = (
  original: InstanceFacts,
  before: Pick<InstanceFacts, "volumes"> | undefined,
): readonly string[] => {
  const oldRoot = before?.volumes.find(({ isRoot }) => isRoot)?.volumeId;
  const root = original.volumes.find(({ isRoot }) => isRoot)?.volumeId;
  return [
    ...(root !== undefined && oldRoot !== undefined && root !== oldRoot ? [root] : []),
    ...dataVolumes(original).map(({ volumeId }) => volumeId),
    ...travellingInterfaces(original).map(({ networkInterfaceId }) => networkInterfaceId),
    ...addressesOf(original),
  ];
};

/** A reason to keep an original whose time has come; undefined: it is used for nothing. */
export const judgeUseOfOriginal = (input: {
  readonly original: InstanceFacts;
  /** As it was when the verdict was given; undefined when that is not known. */
  readonly before: Pick<InstanceFacts, "volumes"> | undefined;
  /** Target groups, by ARN, and classic load balancers, by name, that have it. */
  readonly groups: readonly string[];
  /** Under which it was switched, and the one of its target now, where there still is one. */
  readonly consents: readonly OwnersConsent[];
}): Keeping | undefined => {
  const { original, before, groups, consents } = input;
  return judgeUse({
    original,
    brought: broughtSince(original, before),
    groups,
    hands: [...new Set(consents.flatMap((consent) => handsWithoutConsent(original, consent)))],
  });
};
