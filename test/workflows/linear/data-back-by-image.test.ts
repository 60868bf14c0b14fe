import { describe, expect, it } from "@jest/globals";
import { CloudError } from "../../../local/cloud/contract.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { createLabOnSpot, type LabOptions } from "../../../local/lab/lab.ts";
import { actionsOf, richOnSpot, eachTimeItBegins } from "../../../local/lab/scenarios.ts";

const options: LabOptions = { ...richOnSpot["stop-and-image"], maxReplacements: 2 };

/** EC2 takes no volume as a root, and does all else. */
const refuseVolume = (lab: Lab): void => {
  lab.platform.cloud.faults.before(({ operation, input }) => {
    if (operation !== "CreateReplaceRootVolumeTask") return;
    if ("VolumeId" in (input as object))
      throw new CloudError("UnsupportedOperation", "Not with a volume.");
  });
};

const isHost = ({ lifecycle }: { readonly lifecycle?: string | undefined }): boolean =>
  lifecycle !== "spot";

const expectBack = async (lab: Lab, story: Ending, by: string): Promise<void> => {
  expect(await complaintsAbout(lab, story)).toEqual([]);
  expect(story.evaluation.outcome).toMatchObject({
    status: "FELL_BACK",
    sentence: expect.stringContaining(lab.watch.rootVolumeId),
  });
  expect(story.evaluation.progress.rootTransfer).toBe(by);
  expect(story.evaluation.progress.leftVolumes).toContain(lab.watch.rootVolumeId);
};

describe("a root volume that EC2 does not make the host's", () => {
  it("is carried by an image: the host reboots on it, and the volume is left", async () => {
    const lab = await createLabOnSpot(options);
    refuseVolume(lab);
    const story = await lab.run();
    await expectBack(lab, story, "replace-root-volume");
    expect(actionsOf(story)).toEqual(
      expect.arrayContaining(["CreateSnapshot", "RegisterImage", "CreateReplaceRootVolumeTask"]),
    );
    expect(story.replacements.filter(({ state }) => state === "running")).toHaveLength(1);
  });

  it.each(["failed", "failed-detached"] as const)(
    "nor from an image (%s): another one is launched from that",
    async (how) => {
      const lab = await createLabOnSpot(options);
      lab.control.failRootTasks(isHost, how);
      const story = await lab.run();
      await expectBack(lab, story, "relaunch");
    },
  );
});

describe("a host that is lost after the freeze", () => {
  it.each(["linear-move-root", "linear-prepare-image", "linear-replace-root"] as const)(
    "when %s begins, has a successor that is launched from an image of the root",
    async (step) => {
      const lab = await createLabOnSpot(options);
      if (step !== "linear-move-root") refuseVolume(lab);
      let isLost = false;
      eachTimeItBegins(lab, step, () => {
        if (isLost || lab.control.find(lab.originalId)?.state !== "terminated") return;
        isLost = true;
        const host = lab.replacement();
        lab.watch.excuse("replacement");
        if (host !== undefined) lab.control.terminateByOwner(host.instanceId);
      });
      const story = await lab.run();
      expect(isLost).toBe(true);
      await expectBack(lab, story, "relaunch");
    },
  );
});
