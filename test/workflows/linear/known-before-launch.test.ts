import { describe, expect, it } from "@jest/globals";
import type { RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import { CloudError } from "../../../local/cloud/contract.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLab, region, type LabOptions } from "../../../local/lab/lab.ts";
import { marketOf } from "../../../local/lab/small-market.ts";

const place = { accountId, region };
const profileArn = `arn:aws:iam::${accountId}:instance-profile/web`;
const license = `arn:aws:license-manager:${region}:${accountId}:license-configuration:lic-1`;
const manyTags = (count: number, prefix: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${prefix}${String(index)}`, "x"]),
  );

const launchesOf = ({ platform }: Lab): readonly RunInstancesCommandInput[] =>
  platform.cloud.journal
    .filter(({ operation, dryRun }) => operation === "RunInstances" && !dryRun)
    .map(({ input }) => input as RunInstancesCommandInput);

const runIn = async (lab: Lab): Promise<Ending> => {
  const story = await lab.run();
  expect(await complaintsAbout(lab, story)).toEqual([]);
  return story;
};

describe("what can be known of a launch is known before anything is touched", () => {
  it.each<[string, NonNullable<LabOptions["instance"]>, string, string]>([
    ["a deleted key pair", { keyName: "ops" }, "KEY_PAIR_MISSING", "ops"],
    [
      "a deleted instance profile",
      { profileArn },
      "LAUNCH_REFUSED",
      "Invalid IAM Instance Profile",
    ],
    ["a deleted licence configuration", { licenses: [license] }, "LAUNCH_REFUSED", license],
    [
      "a placement group that is shared no longer",
      { placementGroup: "ring" },
      "PLACEMENT_GROUP_MISSING",
      "ring",
    ],
  ])("%s", async (_what, instance, reason, named) => {
    const lab = await createLab({ instance });
    lab.control.removeNamed(place, instance);
    const story = await runIn(lab);
    expect(story.status).toBe("REFUSED");
    expect(story.evaluation.verdict).toMatchObject({ kind: "REFUSE", reason });
    expect(story.evaluation.verdict?.sentence).toContain(named);
    expect(launchesOf(lab)).toEqual([]);
  });

  it("more tags than a resource takes", async () => {
    const lab = await createLab({ instance: { tags: manyTags(47, "owner-") } });
    const story = await runIn(lab);
    expect(story.evaluation.verdict).toMatchObject({ kind: "REFUSE", reason: "TOO_MANY_TAGS" });
  });

  it("in shadow mode with a role that may only read it finds nothing", async () => {
    const lab = await createLab({ isShadowMode: true });
    lab.platform.cloud.faults.before(({ operation }) => {
      if (operation === "RunInstances") throw new CloudError("UnauthorizedOperation", "No.", 403);
    });
    expect((await runIn(lab)).status).toBe("SHADOWED");
  });
});

describe("a clone", () => {
  it("is launched with key pair, profile and licence configurations", async () => {
    const instance = { keyName: "ops", profileArn, licenses: [license] };
    const lab = await createLab({ instance });
    expect((await runIn(lab)).status).toBe("SWITCHED");
    expect(launchesOf(lab).at(-1)).toMatchObject({
      KeyName: "ops",
      IamInstanceProfile: { Arn: profileArn },
      LicenseSpecifications: [{ LicenseConfigurationArn: license }],
    });
  });

  it("goes into the cluster placement group, in the group's zone", async () => {
    const lab = await createLab({ instance: { placementGroup: "ring" } });
    const own = lab.control.find(lab.originalId)?.zoneId;
    expect((await runIn(lab)).status).toBe("SWITCHED");
    expect(lab.replacement()?.zoneId).toBe(own);
    expect(launchesOf(lab).at(-1)?.Placement?.GroupId).toMatch(/^pg-/);
  });

  it("goes into a spread placement group, in whatever zone", async () => {
    const lab = await createLab({
      instance: { placementGroup: "ring", placementStrategy: "spread" },
    });
    expect((await runIn(lab)).status).toBe("SWITCHED");
  });

  it("has as many tags as fit, AWS's own not counted", async () => {
    const tags = { ...manyTags(40, "owner-"), ...manyTags(20, "aws:x:") };
    const lab = await createLab({ instance: { tags } });
    expect((await runIn(lab)).status).toBe("SWITCHED");
  });

  it("is given no CPU options that are the type's own, which T2 would refuse", async () => {
    const lab = await createLab({
      market: marketOf(["t2.large"]),
      instance: { instanceType: "t2.large" },
    });
    expect((await runIn(lab)).status).toBe("SWITCHED");
    expect(launchesOf(lab).map(({ CpuOptions }) => CpuOptions)).toEqual([undefined]);
  });

  it("is given those that somebody chose, on the type for which he chose them", async () => {
    const cpu = { CoreCount: 1, ThreadsPerCore: 1 };
    const lab = await createLab({ instance: { cpu } });
    const story = await runIn(lab);
    expect(story.status).toBe("SWITCHED");
    expect(launchesOf(lab)).toMatchObject([{ CpuOptions: cpu, InstanceType: "m5.large" }]);
  });
});
