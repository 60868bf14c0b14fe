import { describe, expect, it } from "@jest/globals";
import type { ManagedResource } from "../../../local/cloud/ec2/control-reads.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { accountId, createLab, type LabOptions } from "../../../local/lab/lab.ts";
import { asOwner, rich } from "../../../local/lab/scenarios.ts";
import { enrolTag } from "../../../core/model/tags.ts";

const refusedCalls = (lab: Lab): readonly string[] =>
  lab.platform.cloud.journal
    .filter(({ dryRun, roleArn, errorCode = "" }) => {
      const isOurs = !dryRun && roleArn?.endsWith("/SpotOptimizerRole") === true;
      return isOurs && /^(UnauthorizedOperation|AccessDenied)/.test(errorCode);
    })
    .map(({ operation }) => operation);

describe("the role that a customer applies", () => {
  it.each(Object.entries<LabOptions>(rich))(
    "allows all that a switch does, %s",
    async (_, options) => {
      const lab = await createLab(options);
      const { status } = await lab.run();
      expect({ status, refused: refusedCalls(lab) }).toEqual({ status: "SWITCHED", refused: [] });
    },
  );

  it("allows the launch into the original's placement group", async () => {
    const lab = await createLab({ instance: { placementGroup: "near" } });
    const { status } = await lab.run();
    expect({ status, refused: refusedCalls(lab) }).toEqual({ status: "SWITCHED", refused: [] });
  });

  it.each(["StopInstances", "TerminateInstances", "DetachVolume"])(
    "does not allow %s on what is neither enrolled nor ours",
    async (operation) => {
      const lab = await createLab({ instance: { sharedTags: {} } });
      const { cloud } = lab.platform;
      const { accessKeyId } = cloud.identities.openSession({
        roleArn: `arn:aws:iam::${accountId}:role/SpotOptimizerRole`,
        sessionName: "somebody",
      });
      const [volumeId = ""] = idsOf(lab, "volume");
      const input =
        operation === "DetachVolume" ? { VolumeId: volumeId } : { InstanceIds: [lab.originalId] };
      await expect(
        cloud.call({ service: "ec2", operation, region: "us-east-1", accessKeyId, input }),
      ).rejects.toMatchObject({ code: "UnauthorizedOperation" });
    },
  );
});

const idsOf = (lab: Lab, kind: ManagedResource["kind"]): readonly string[] =>
  lab.control.resources(accountId).flatMap((each) => (each.kind === kind ? each.id : []));

const leaves: Readonly<Record<string, (lab: Lab) => Promise<string>>> = {
  instance: async (lab) => untag(lab, lab.originalId),
  volume: async (lab) => untag(lab, idsOf(lab, "volume").at(-1)),
  "network interface": async (lab) => untag(lab, idsOf(lab, "network-interface").at(-1)),
  "Elastic IP": async (lab) => untag(lab, idsOf(lab, "elastic-ip").at(-1)),
  "target group": (lab) => {
    const { targetGroupArn = "" } = lab;
    lab.platform.elb.setTags(targetGroupArn, {});
    return Promise.resolve(targetGroupArn);
  },
};

const untag = async (lab: Lab, id = ""): Promise<string> => {
  // Until EC2 shows all that the owner made.
  lab.clock.elapse(60_000);
  await asOwner(lab)("DeleteTags", { Resources: [id], Tags: [{ Key: enrolTag.key }] });
  return id;
};

describe("what its owner did not enrol", () => {
  it.each(Object.keys(leaves))(
    "a switch is refused before anything is touched: %s",
    async (what) => {
      const lab = await createLab(rich["move-volumes"]);
      const id = await leaves[what]?.(lab);
      const { evaluation, mutations } = await lab.run();
      const { kind, reason, sentence = "" } = evaluation.verdict ?? {};
      expect({ kind, reason }).toEqual({ kind: "REFUSE", reason: "NOT_ENROLLED" });
      expect(mutations.filter(({ roleArn }) => roleArn !== undefined)).toEqual([]);
      expect(sentence).toContain(id);
    },
  );
});
