/**
 * The original's root volume is never lost, and never deletable with a replacement that may get it. In the end it is where
 * the record says: at the original, or under the replacement, with every write that it acknowledged. Where an image of it serves it is kept
 * by itself, with those that it had then.
 */
import type { InstanceSummary } from "../../cloud/ec2/control-reads.ts";
import { rootOf, type Judged, type Promised } from "./promise.ts";

/** The write that is being made when a call is looked at may count after the reading. */
const lostWrites = ({ lab: { watch, control } }: Judged): readonly string[] => {
  const { rootVolumeId } = watch;
  const [acknowledged, found] = [
    watch.acknowledged.get(rootVolumeId) ?? 0,
    control.writesOn(rootVolumeId),
  ];
  return found !== undefined && found >= acknowledged
    ? []
    : [`${rootVolumeId} has ${String(found)} writes of ${String(acknowledged)} acknowledged`];
};

/** Nobody has written to it since the image was made of it. */
const whatImageLacks = (
  { lab: { watch, control } }: Judged,
  server: InstanceSummary,
): readonly string[] => {
  const { rootVolumeId } = watch;
  const root = rootOf(server) ?? "";
  const [kept = 0, found = -1] = [control.writesOn(rootVolumeId), control.writesOn(root)];
  return found >= kept
    ? []
    : [
        `${root} was made of ${rootVolumeId}, and has ${String(found)} of its ${String(kept)} writes`,
      ];
};

const whereItIsNot = (
  { lab: { watch }, ending, end }: Judged,
  server: InstanceSummary,
): readonly string[] => {
  const { rootVolumeId } = watch;
  const { movedRootVolumeId } = ending.evaluation.progress;
  const isMoved = end !== "AS_IT_WAS" && movedRootVolumeId !== undefined;
  const holder = isMoved ? server : ending.original;
  return [
    ...(isMoved && movedRootVolumeId !== rootVolumeId
      ? [`the record says that ${movedRootVolumeId} moved`]
      : []),
    ...(rootOf(holder) === rootVolumeId
      ? []
      : [`${rootVolumeId} is not the root of ${holder?.instanceId ?? "anything"}`]),
  ];
};

const whereItsWritesAreNot = (judged: Judged, server: InstanceSummary): readonly string[] => {
  const { leftVolumes = [] } = judged.ending.evaluation.progress;
  const isLeft = judged.end !== "AS_IT_WAS" && leftVolumes.includes(judged.lab.watch.rootVolumeId);
  return isLeft ? whatImageLacks(judged, server) : whereItIsNot(judged, server);
};

export const rootOutlives: Promised = {
  atMoment: ({ replacements }, { belongings: { rootVolumeId } }) =>
    replacements
      .filter(({ deletedWithIt }) => deletedWithIt.includes(rootVolumeId))
      .map(({ instanceId }) => `${rootVolumeId} would be deleted with ${instanceId}`),
  atEnd: (judged) => {
    const { lab, end, ending, server } = judged;
    // Without a root on EBS there is none to lose.
    if (server === undefined || lab.watch.rootVolumeId === "") return [];
    // Of an adopted one a person has said what counts.
    if (end === "OTHERWISE" || end === "ADOPTED") return [];
    // Nothing is on the root of a stateless load, which ends with the Spot Instance.
    const isStateless = ending.evaluation.policy.consistency === "stateless";
    if (lab.goesBack !== undefined && isStateless && end !== "AS_IT_WAS") return [];
    return [...whereItsWritesAreNot(judged, server), ...lostWrites(judged)];
  },
};
