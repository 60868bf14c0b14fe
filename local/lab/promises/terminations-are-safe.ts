/**
 * The original is never terminated, but as a Spot Instance whose whole identity is at who serves by now, or as one with data, for which that is
 * the freeze. A replacement is, while somebody else serves who has passed the checks, or as the one of a
 * stateful load whose original must not start beside it.
 */
import type { InstanceSummary } from "../../cloud/ec2/control-reads.ts";
import { hasGone, instanceIdsIn, type BeforeCall, type Promised } from "./promise.ts";

/** The Spot Instance that goes back: nothing of the identity is there, all of it where somebody proved serves. */
const whyItMayNotEnd = ({
  instances,
  isServing,
  held,
  subject: { originalId, goesBack },
}: Pick<BeforeCall, "instances" | "isServing" | "held" | "subject">): string | undefined => {
  if (goesBack === undefined) return "the original was terminated by us";
  const original = instances.find(({ instanceId }) => instanceId === originalId);
  const left = original === undefined ? [] : held(original);
  if (left.length > 0) return `the original was terminated with ${left.join()}`;
  const serves = instances.some(
    (found) =>
      found.instanceId !== originalId && isServing(found.instanceId) && held(found).length > 0,
  );
  return serves ? undefined : "the original was terminated while nobody was proved to serve";
};

/** As it was to be bought; where EC2 takes the other, any that we launched. */
const isWherePlanned = (
  { lifecycle, tags }: InstanceSummary,
  { goesBack, recovers }: BeforeCall["subject"],
): boolean => {
  if (recovers === true) return true;
  return goesBack?.to === "SPOT"
    ? lifecycle === "spot"
    : lifecycle === undefined && tags["spot-optimizer:purpose"] === "fallback";
};

const mayTakeOver = (found: InstanceSummary, world: BeforeCall): boolean =>
  found.instanceId !== world.subject.originalId &&
  isWherePlanned(found, world.subject) &&
  world.isProved(found.instanceId) &&
  world.wasFit(found.instanceId);

/** The declared freeze of a load with data: what is to take its place is proved and waits, and nothing of the load's goes with what ends. */
const whyItMayNotFreeze = (world: BeforeCall): string | undefined => {
  const { instances, by, subject, rootVolumeId, dataVolumeIds } = world;
  if (by !== "linear-end-spot") return `the original was terminated by ${String(by)}`;
  const original = instances.find(({ instanceId }) => instanceId === subject.originalId);
  const { deletedWithIt = [], networkInterfaceIds = [] } = original ?? {};
  const needed = [rootVolumeId, ...dataVolumeIds, ...networkInterfaceIds.slice(1)];
  const lost = deletedWithIt.filter((id) => needed.includes(id));
  if (lost.length > 0) return `the original was terminated, and ${lost.join()} went with it`;
  return instances.some((found) => mayTakeOver(found, world))
    ? undefined
    : "the original was terminated, and nothing was proved that could take its place";
};

const whyOriginalMayNotEnd = (world: BeforeCall): string | undefined =>
  world.subject.goesBack !== undefined && !world.subject.isStateless
    ? whyItMayNotFreeze(world)
    : whyItMayNotEnd(world);

/** EC2 took the Spot Instance from which it was to take over: as long as clients do not come a recovery launches another. */
const isTakenStateless = (
  { isStateless, goesBack }: BeforeCall["subject"],
  original: InstanceSummary | undefined,
): boolean => isStateless && goesBack !== undefined && hasGone(original?.state ?? "gone");

/** Of a stateful load whose original must not start beside it, or as long as nobody serves: of what EC2 has taken, until clients reach it. */
const mayBeGivenUp = (
  { subject, instances, isServing, held }: BeforeCall,
  ids: readonly string[],
): boolean => {
  const original = instances.find(({ instanceId }) => instanceId === subject.originalId);
  const ending = instances.filter(({ instanceId }) => ids.includes(instanceId));
  const serving = ending.filter((found) => isServing(found.instanceId) && held(found).length > 0);
  if (subject.recovers === true || isTakenStateless(subject, original)) {
    return !serving.some(({ allocationIds }) => allocationIds.length > 0);
  }
  const rests = original?.state === "stopping" || original?.state === "stopped";
  return !subject.isStateless && (rests || serving.length === 0);
};

export const terminationsAreSafe: Promised = {
  ofCall: ({ operation, input }, world) => {
    const { subject, instances, isProved } = world;
    if (operation !== "TerminateInstances") return undefined;
    const ids = instanceIdsIn(input);
    if (ids.includes(subject.originalId)) return whyOriginalMayNotEnd(world);
    const others = instances.filter(
      ({ instanceId, state, allocationIds }) =>
        state === "running" && !ids.includes(instanceId) && allocationIds.length > 0,
    );
    // Another one that runs has the identity, or the original is back.
    if (others.some(({ instanceId }) => isProved(instanceId))) return undefined;
    return mayBeGivenUp(world, ids)
      ? undefined
      : `${ids.join()} was terminated while nobody else was proved to serve`;
  },
};
