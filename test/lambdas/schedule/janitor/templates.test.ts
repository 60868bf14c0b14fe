/** The launch template of a load that stands on Spot: the janitor makes it, keeps it, and deletes it. */
import { describe, expect, it } from "@jest/globals";
import { updateTarget } from "../../../../adapters/store/targets.ts";
import { instanceIdSchema, targetIdSchema } from "../../../../core/model/ids.ts";
import { accountId, createLab, region, type LabOptions } from "../../../../local/lab/lab.ts";
import { throwKillSwitch } from "../../../../local/lab/scenarios.ts";

const hourMs = 3_600_000;

interface Shown {
  readonly LaunchTemplateId: string;
  readonly LaunchTemplateName: string;
}

const afterSwitch = async (options: LabOptions = {}) => {
  const policy = { hold_return_capacity: false, cooloff_hours: 400, snapshot_days: 90 };
  const lab = await createLab({ consistency: "stateless", policy, ...options });
  const story = await lab.run();
  const { cloud, functions } = lab.platform;
  const { accessKeyId } = cloud.identities.addUser({ accountId, name: "owner" });
  const asOwner = (operation: string, input: unknown): Promise<unknown> =>
    cloud.call({ service: "ec2", operation, region, accessKeyId, input });
  const from = cloud.journal.length;
  return {
    lab,
    story,
    asOwner,
    tidy: (): Promise<unknown> => functions.invoke("schedule-janitor", {}),
    pass: (hours: number) => lab.clock.run({ atMostMs: lab.clock.now() + hours * hourMs }),
    shown: async (): Promise<readonly Shown[]> => {
      const answer = (await asOwner("DescribeLaunchTemplates", {})) as {
        readonly LaunchTemplates?: readonly Shown[];
      };
      return answer.LaunchTemplates ?? [];
    },
    calls: () =>
      cloud.journal
        .slice(from)
        .filter(({ operation }) => /^(Create|Delete)LaunchTemplate$/.test(operation))
        .map(({ operation }) => operation),
  };
};

const moveTarget = ({ lab }: Awaited<ReturnType<typeof afterSwitch>>) =>
  updateTarget(lab.table, targetIdSchema.parse(lab.targetId), (target) =>
    target.pipelineMode === "LINEAR"
      ? { ...target, instanceId: instanceIdSchema.parse("i-0123456789abcdef0") }
      : target,
  );

describe("the launch template of a load without data", () => {
  it("is made once after the switch, under the evaluation's name and with its tags", async () => {
    const janitor = await afterSwitch();
    await janitor.tidy();
    await janitor.pass(24);
    await janitor.tidy();
    expect(janitor.calls()).toEqual(["CreateLaunchTemplate"]);
    expect(await janitor.shown()).toMatchObject([
      {
        LaunchTemplateName: `spot-optimizer-${janitor.story.evaluationId}`,
        Tags: expect.arrayContaining([
          { Key: "spot-optimizer:evaluation", Value: janitor.story.evaluationId },
        ]),
      },
    ]);
  });

  it("is made once though the answer was lost, and though the function was killed before it could note it", async () => {
    const janitor = await afterSwitch();
    let isLost = false;
    janitor.lab.platform.cloud.faults.after(({ operation }) => {
      if (operation !== "CreateLaunchTemplate" || isLost) return;
      isLost = true;
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    });
    await janitor.tidy();
    await janitor.pass(12);
    await janitor.tidy();
    expect(await janitor.shown()).toHaveLength(1);
    await moveTarget(janitor);
    await janitor.pass(24 * 8);
    await janitor.tidy();
    expect(await janitor.shown()).toEqual([]);
  });

  it("is deleted once the target stands elsewhere, and that is told", async () => {
    const janitor = await afterSwitch();
    await janitor.tidy();
    await moveTarget(janitor);
    await janitor.pass(24 * 8);
    await janitor.tidy();
    expect(janitor.calls()).toEqual(["CreateLaunchTemplate", "DeleteLaunchTemplate"]);
    const { body } = await janitor.lab.send("GET", `/evaluations/${janitor.story.evaluationId}`);
    expect(body["settlements"]).toContainEqual(
      expect.objectContaining({ of: "KEEP_TEMPLATE", kind: "REMOVED" }),
    );
  });

  it("is deleted once the target is deleted", async () => {
    const janitor = await afterSwitch();
    await janitor.tidy();
    await janitor.lab.send("DELETE", `/lab/instances/${janitor.lab.targetId}`);
    await janitor.pass(24 * 8);
    await janitor.tidy();
    expect(await janitor.shown()).toEqual([]);
  });

  it("to which somebody has added a version is left to him", async () => {
    const janitor = await afterSwitch();
    await janitor.tidy();
    await janitor.pass(1);
    const [template] = await janitor.shown();
    await janitor.asOwner("CreateLaunchTemplateVersion", {
      LaunchTemplateId: template?.LaunchTemplateId,
      LaunchTemplateData: {},
    });
    await moveTarget(janitor);
    await janitor.pass(24 * 8);
    await janitor.tidy();
    expect(janitor.calls()).not.toContain("DeleteLaunchTemplate");
    const { body } = await janitor.lab.send("GET", `/evaluations/${janitor.story.evaluationId}`);
    expect(body["settlements"]).toContainEqual(
      expect.objectContaining({ of: "KEEP_TEMPLATE", kind: "KEPT", reason: "CHANGED_SINCE" }),
    );
  });

  it("is not made while the kill switch is on, and is afterwards", async () => {
    const janitor = await afterSwitch();
    await throwKillSwitch(janitor.lab);
    await janitor.tidy();
    expect(await janitor.shown()).toEqual([]);
    await janitor.lab.send("PUT", "/kill-switch", { engaged: false, reason: "The drill is over." });
    await janitor.pass(12);
    await janitor.tidy();
    await janitor.pass(1);
    expect(await janitor.shown()).toHaveLength(1);
  });
});

it("of a load with data none is kept: its host is launched in a group of its own", async () => {
  const janitor = await afterSwitch({ consistency: "move-volumes" });
  await janitor.tidy();
  expect(janitor.calls()).toEqual([]);
});
