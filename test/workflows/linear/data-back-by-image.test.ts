import { describe, expect, it } from "@jest/globals";
import { CloudError } from "../../../local/cloud/contract.ts";
import type { FunctionName } from "../../../lambdas/access/functions.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { harmCall, harms, isMutation } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLabOnSpot, type LabOptions } from "../../../local/lab/lab.ts";
import { actionsOf, asOwner, eachTimeItBegins, richOnSpot } from "../../../local/lab/scenarios.ts";

const options: LabOptions = { ...richOnSpot["stop-and-image"], maxReplacements: 2 };

const unrooted: LabOptions = {
  ...options,
  undisturbedUntil: { calls: "CreateReplaceRootVolumeTask" },
};

interface Tagged {
  readonly Tags?: readonly { readonly Value: string }[];
}

interface Described {
  readonly Images?: readonly Tagged[];
  readonly Snapshots?: readonly Tagged[];
}

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

/** Once the Spot Instance has ended, when that function begins. */
const loseHost = (lab: Lab, step: FunctionName): { readonly isDone: () => boolean } => {
  let isDone = false;
  eachTimeItBegins(lab, step, () => {
    if (isDone || lab.control.find(lab.originalId)?.state !== "terminated") return;
    isDone = true;
    const host = lab.replacement();
    lab.watch.excuse("replacement");
    if (host !== undefined) lab.control.terminateByOwner(host.instanceId);
  });
  return { isDone: () => isDone };
};

/** A person follows the runbook. */
const resumed = async (lab: Lab, { evaluationId }: Ending): Promise<Ending> => {
  const body = { reason: "What stopped it is mended." };
  const { status } = await lab.send("POST", `/evaluations/${evaluationId}/resume`, body);
  expect(status).toBe(202);
  return lab.finish(evaluationId);
};

describe("a root volume that EC2 does not make the host's", () => {
  it("is carried by an image: the host reboots on it, and the volume is left", async () => {
    const lab = await createLabOnSpot(unrooted);
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
      const lab = await createLabOnSpot(unrooted);
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
      const lab = await createLabOnSpot({
        ...options,
        undisturbedUntil: { begins: "linear-move-root" },
      });
      if (step !== "linear-move-root") refuseVolume(lab);
      const lost = loseHost(lab, step);
      const story = await lab.run();
      expect(lost.isDone()).toBe(true);
      await expectBack(lab, story, "relaunch");
    },
  );
});

/** Of what an image of the root takes beside the rest; a second host is launched where the first is lost. */
const own = ["CreateSnapshot", "RegisterImage", "CreateReplaceRootVolumeTask", "RunInstances"];

describe("an image of the root of what has ended, whichever call fails", () => {
  const cases = own.flatMap((operation) => harms.map((harm) => ({ operation, harm })));

  it.each(cases)("is made or resumed when $operation meets: $harm", async ({ operation, harm }) => {
    const lab = await createLabOnSpot(unrooted);
    refuseVolume(lab);
    const isLost = operation === "RunInstances";
    if (isLost) loseHost(lab, "linear-replace-root");
    const harmed = harmCall(lab.platform, {
      harm,
      nth: 1,
      matches: (call) =>
        isMutation(accountId)(call) &&
        call.operation === operation &&
        !("VolumeId" in (call.input as object) && operation === "CreateReplaceRootVolumeTask") &&
        lab.control.find(lab.originalId)?.state === "terminated",
    });
    const first = await lab.run();
    expect(harmed.isDone()).toBe(true);
    expect(await complaintsAbout(lab, first)).toEqual([]);
    const isHeld = harm === "unauthorized" && operation !== "CreateReplaceRootVolumeTask";
    if (isHeld) {
      expect(first.evaluation.outcome).toMatchObject({ isHeld: true, reason: "ONLY_FORWARD" });
    }
    const story = isHeld ? await resumed(lab, first) : first;
    const isRelaunched =
      isLost || (harm === "unauthorized" && operation === "CreateReplaceRootVolumeTask");
    await expectBack(lab, story, isRelaunched ? "relaunch" : "replace-root-volume");
  });
});

describe("an image of the root of what has ended, once the load is back", () => {
  it("is deleted with its snapshot when its time has come; the volume stays", async () => {
    const lab = await createLabOnSpot(unrooted);
    refuseVolume(lab);
    const story = await lab.run();
    expect(story.status).toBe("FELL_BACK");
    const left = async () => {
      const owner = asOwner(lab);
      const { Images = [] } = (await owner("DescribeImages", { Owners: ["self"] })) as Described;
      const { Snapshots = [] } = (await owner("DescribeSnapshots", {
        OwnerIds: ["self"],
      })) as Described;
      return [...Images, ...Snapshots].filter(({ Tags = [] }) =>
        Tags.some(({ Value }) => Value === story.evaluationId),
      );
    };
    expect((await left()).length).toBeGreaterThan(1);
    for (const days of [2, 9]) {
      await lab.clock.run({ atMostMs: lab.clock.now() + days * 24 * 3_600_000 });
      await lab.platform.functions.invoke("schedule-janitor", {});
      await lab.clock.run({ atMostMs: lab.clock.now() + 300_000 });
    }
    expect(await left()).toEqual([]);
    expect(lab.control.writesOn(lab.watch.rootVolumeId)).toBeGreaterThan(0);
  });
});
