/** A template may name its image by a parameter of Systems Manager: what stands in it may be another at each launch. */
import { describe, expect, it } from "@jest/globals";
import { enrolTag } from "../../../core/model/tags.ts";
import { complaintsAboutGroup, orphansOf } from "../../../local/lab/group-judge.ts";
import { labOf, launchesOf, onSpot, replacementsOf, stagesOf, type DayLab } from "./group-days.ts";

const name = "/golden/ami";

const putImage = ({ platform, name: place }: DayLab, imageId: string): void => {
  const tags = { [enrolTag.key]: enrolTag.value };
  platform.ssm.parameters.put({ ...place, name, value: imageId, tags });
};

const imageOf = ({ platform }: DayLab, instanceId: string): string =>
  platform.ec2.control.find(instanceId)?.imageId ?? "";

/** Of a machine beside the group. */
const otherImage = (lab: DayLab): string => {
  const { accountId, region } = lab.name;
  const place = { accountId, region, instanceType: "m5.large" };
  return imageOf(lab, lab.platform.ec2.control.addInstance(place));
};

const labOfParameter = async (): Promise<DayLab> => {
  const lab = await labOf({
    size: 4,
    policy: { batch_size: 2 },
    template: { ImageId: `resolve:ssm:${name}` },
  });
  putImage(lab, imageOf(lab, lab.before.members[0]?.instanceId ?? ""));
  return lab;
};

/** Once, when we have launched so many. */
const onceLaunched = (lab: DayLab, count: number, happens: () => void): void => {
  let isOver = false;
  lab.platform.cloud.faults.after(() => {
    if (isOver || launchesOf(lab) !== count) return;
    isOver = true;
    happens();
  });
};

const imagesOf = (lab: DayLab, ids: readonly string[]): readonly string[] => [
  ...new Set(ids.map((id) => imageOf(lab, id))),
];

describe("a template that names its image by a parameter", () => {
  it("is launched from what stands in it", async () => {
    const lab = await labOfParameter();
    const golden = otherImage(lab);
    putImage(lab, golden);
    const ending = await lab.run();
    expect([ending.status, onSpot(ending.group)]).toEqual(["SWITCHED", 4]);
    expect(imagesOf(lab, replacementsOf(ending))).toEqual([golden]);
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });

  it("`resolve:ssm` value changes between pair 1 and 2: both of one image, or the plan is void; never mixed silently", async () => {
    const lab = await labOfParameter();
    const golden = otherImage(lab);
    onceLaunched(lab, 1, () => {
      putImage(lab, golden);
    });
    const ending = await lab.run();
    expect(imagesOf(lab, replacementsOf(ending))).toHaveLength(1);
    expect(stagesOf(ending.swaps)).toEqual(["UNDONE", "UNDONE"]);
    expect(ending.evaluation.failure?.cause).toContain(golden);
    expect([onSpot(ending.group), ...orphansOf(lab)]).toEqual([0]);
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
    const next = await lab.run();
    expect([next.status, onSpot(next.group)]).toEqual(["SWITCHED", 4]);
    expect(imagesOf(lab, replacementsOf(next))).toEqual([golden]);
  });

  it("of a group is voided where the value changes between two batches: what has joined stays, and no other image joins it", async () => {
    const lab = await labOfParameter();
    onceLaunched(lab, 3, () => {
      putImage(lab, otherImage(lab));
    });
    const ending = await lab.run();
    expect([ending.status, onSpot(ending.group)]).toEqual(["PARTLY_SWITCHED", 2]);
    const joined = (ending.group?.members ?? []).map(({ instanceId }) => instanceId);
    expect(imagesOf(lab, replacementsOf(ending))).toHaveLength(1);
    expect(joined).toHaveLength(4);
    expect(orphansOf(lab)).toEqual([]);
  });

  it("that our role may not read is refused by name, with the tag that it lacks", async () => {
    const lab = await labOfParameter();
    const imageId = imageOf(lab, lab.before.members[0]?.instanceId ?? "");
    lab.platform.ssm.parameters.put({ ...lab.name, name, value: imageId, tags: {} });
    const { evaluation } = await lab.run();
    expect(evaluation.verdict?.reason).toBe("NOT_ENROLLED");
    expect(evaluation.verdict?.sentence).toContain(`resolve:ssm:${name}`);
    expect(evaluation.verdict?.sentence).toContain(`${enrolTag.key}=${enrolTag.value}`);
    expect(launchesOf(lab)).toBe(0);
  });

  it("that is not there is refused as an image that is missing", async () => {
    const lab = await labOfParameter();
    lab.platform.ssm.parameters.delete(lab.name, name);
    const { evaluation } = await lab.run();
    expect(evaluation.verdict?.reason).toBe("IMAGE_MISSING");
    expect(evaluation.verdict?.sentence).toContain(`resolve:ssm:${name}`);
    expect(launchesOf(lab)).toBe(0);
  });
});
