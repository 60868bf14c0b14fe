/** Zones end as balanced as they were, though a member fails while a replacement stands beside its original and the group launches its successor elsewhere. */
import { describe, expect, it } from "@jest/globals";
import type { GroupSummary } from "../../../local/cloud/autoscaling/control.ts";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import { spreadOf } from "../../../local/property/cluster/shifts.ts";
import { after, labOf, onSpot, stagesOf, type DayLab } from "./group-days.ts";

type Member = GroupSummary["members"][number];

/** The group launches where fewest are, and in the first zone where as many are in each. */
const second = "us-east-1b";

/** Two zones of two, replaced one after the other. In the second zone a member ends as soon as a replacement is attached beside it. */
const failingIn = async (
  failing: (members: readonly Member[]) => Member | undefined,
): Promise<{ readonly lab: DayLab; readonly failed: readonly string[] }> => {
  const lab = await labOf({ size: 4, max: 8, zones: 2, policy: { batch_size: 1 } });
  const failed: string[] = [];
  const fail = (): void => {
    const members = lab.group()?.members.filter(({ zoneName }) => zoneName === second) ?? [];
    const found = members.length > 2 ? failing(members) : undefined;
    if (found === undefined || failed.length > 0) return;
    failed.push(found.instanceId);
    lab.platform.ec2.control.terminateByOwner(found.instanceId);
  };
  for (const nth of [1, 2, 3, 4]) after(lab, "AttachInstances", nth, fail);
  return { lab, failed };
};

const originalIn = ({ before }: DayLab, members: readonly Member[], place: number) =>
  members.filter(({ instanceId }) =>
    before.members.some((member) => member.instanceId === instanceId),
  )[place];

describe("a member that fails beside a replacement, and whose successor the group launches in another zone", () => {
  it.each([
    ["an original: its replacement stays in its stead, and the successor leaves", 0, 4],
    ["another one: the original and its replacement stay, and the successor leaves", 1, 3],
  ])("leaves zones as balanced as they were: %s", async (_, place, spot) => {
    const { lab, failed } = await failingIn((members) => originalIn(lab, members, place));
    const ending = await lab.run();
    expect(failed).toHaveLength(1);
    expect(stagesOf(ending.swaps)).toContain("ABSORBED");
    expect(ending.swaps.map(({ sentence }) => sentence)).toContainEqual(
      expect.stringContaining("zones stay balanced"),
    );
    const { group } = ending;
    expect(group && spreadOf(group)).toBe(0);
    expect(group).toMatchObject({ desired: 4, suspended: [] });
    expect(onSpot(group)).toBe(spot);
    expect(complaintsAboutGroup(lab, ending, { ...lab, asked: 3 })).toEqual([]);
  });
});
