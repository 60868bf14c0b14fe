/** Did the conversion of a group end well? The group is as it was but for what it runs on, nothing is left over, and it never served with fewer. */
import { isOpenIntent } from "../../core/decide/switch/outcome.ts";
import { evaluationTag, retireAfterTag } from "../../core/model/tags.ts";
import type { GroupSummary } from "../cloud/autoscaling/control.ts";
import type { InstanceSummary } from "../cloud/ec2/control-reads.ts";
import type { GroupEnding, GroupLab } from "./group-lab.ts";

const isAlive = (state: string): boolean => state !== "terminated" && state !== "shutting-down";

/** What an owner would find changed. */
const settingsOf = (group: GroupSummary): Readonly<Record<string, unknown>> => ({
  min: group.min,
  max: group.max,
  desired: group.desired,
  suspended: group.suspended,
  hooks: group.hooks,
  tags: group.tags,
  protected: group.members.filter(({ isProtected }) => isProtected).length,
});

export const changedSettings = (before: GroupSummary, after: GroupSummary): readonly string[] => {
  const [was, is] = [settingsOf(before), settingsOf(after)];
  return Object.keys(was)
    .filter((key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]))
    .map((key) => `${key} was ${JSON.stringify(was[key])} and is ${JSON.stringify(is[key])}.`);
};

type Place = Pick<GroupLab, "platform" | "name" | "targetGroupArn">;

/** An original that its owner wanted to be kept. */
const isKeptStopped = ({ state, tags }: InstanceSummary): boolean =>
  state === "stopped" && tags[retireAfterTag] !== undefined;

/** Launched by us, or detached, alive, and in no group. */
export const orphansOf = ({ platform, name }: Place): readonly string[] =>
  platform.ec2.control
    .instances(name.accountId)
    .filter(
      (instance) =>
        isAlive(instance.state) &&
        instance.tags[evaluationTag] !== undefined &&
        !isKeptStopped(instance) &&
        platform.autoScaling.control.groupOf(instance.instanceId) === undefined,
    )
    .map(
      ({ instanceId, state }) => `${instanceId} bears our tags, is ${state}, and no group has it.`,
    );

/** In the target group, and not in the group. */
export const strangersOf = (
  { platform, targetGroupArn }: Place,
  group: GroupSummary | undefined,
): readonly string[] => {
  const members = new Set((group?.members ?? []).map(({ instanceId }) => instanceId));
  return platform.elb
    .membersOf(targetGroupArn)
    .filter((id) => !members.has(id))
    .map((id) => `${id} is in the target group, and is not a member.`);
};

const shortagesOf = ({ capacity: { samples } }: GroupLab, asked: number): readonly string[] => {
  const least = samples.reduce((one, other) => (other.serving < one.serving ? other : one));
  return least.serving >= asked
    ? []
    : [
        `At ${new Date(least.atMs).toISOString()} ${String(least.serving)} served, of ${String(asked)} that were asked for.`,
      ];
};

export interface GroupJudgement {
  /** As the group was before. */
  readonly before: GroupSummary;
  /** What its owner asked for throughout. Default: the desired capacity before. */
  readonly asked?: number;
}

/** Empty when it ended well. Nobody but us has changed anything. */
export const complaintsAboutGroup = (
  lab: GroupLab,
  { group, status, intents }: GroupEnding,
  { before, asked = before.desired }: GroupJudgement,
): readonly string[] => {
  if (group === undefined) return ["The group is gone."];
  // What could not be put back is told to a person, and stays open.
  const isLeft = status === "NEEDS_OPERATOR";
  const open = isLeft ? [] : intents.filter(isOpenIntent);
  return [
    ...(isLeft ? [] : changedSettings(before, group)),
    ...orphansOf(lab),
    ...strangersOf(lab, group),
    ...shortagesOf(lab, asked),
    ...lab.capacity.broken,
    ...open.map(({ id }) => `Intent ${id} is open.`),
  ];
};
