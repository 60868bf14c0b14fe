import { describe, expect, it } from "@jest/globals";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLab, region } from "../../../local/lab/lab.ts";
import { asOwner, rich } from "../../../local/lab/scenarios.ts";

describe("a replacement with data", () => {
  it.each(["stop-and-image", "move-root-volume"] as const)(
    "reaches nobody until the original rests, and has its groups then (%s)",
    async (name) => {
      const lab = await createLab(rich[name]);
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
      const calls = story.mutations.map(({ operation }) => operation);
      const order = [
        "CreateSecurityGroup",
        "RevokeSecurityGroupEgress",
        "RunInstances",
        "StopInstances",
        "ModifyNetworkInterfaceAttribute",
        "DetachNetworkInterface",
      ];
      // EC2 may show the rule a moment longer: then that is revoked once more.
      const made = calls.filter((each) => order.includes(each));
      const again = made.filter((each, index) => made[index - 1] !== each);
      expect(again).toEqual(order);
      const replacementId = story.swap?.replacement?.instanceId ?? "";
      expect(lab.control.isIsolated(replacementId)).toBe(false);
    },
  );

  it("is not launched where another writer's group has the name, and that group stays", async () => {
    const lab = await createLab(rich["stop-and-image"]);
    let made: unknown;
    lab.platform.cloud.faults.before(async (call) => {
      if (call.operation !== "CreateSecurityGroup" || call.caller.sessionName === undefined) return;
      if (made !== undefined) return;
      const { TagSpecifications: _ours, ...input } = call.input as Readonly<
        Record<string, unknown>
      >;
      made = input["GroupName"];
      await asOwner(lab)("CreateSecurityGroup", input);
    });
    const story = await lab.run();
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.failure?.cause).toContain("this evaluation did not make it");
    expect(story.replacements).toEqual([]);
    const names = lab.control.securityGroups(accountId).map(({ name }) => name);
    expect(names).toContain(made);
    expect(story.mutations.map(({ operation }) => operation)).not.toContain("DeleteSecurityGroup");
  });

  it("is not launched while its group lets anything in or out", async () => {
    const lab = await createLab(rich["stop-and-image"]);
    let isMade = false;
    lab.platform.cloud.faults.before((call) => {
      if (call.operation !== "CreateSecurityGroup" || isMade) return;
      isMade = true;
      // As if somebody had given it a rule since.
      const {
        GroupName: name,
        TagSpecifications: [ours],
      } = call.input as {
        readonly GroupName: string;
        readonly TagSpecifications: readonly [
          { readonly Tags: readonly { Key: string; Value: string }[] },
        ];
      };
      const tags = Object.fromEntries(ours.Tags.map(({ Key, Value }) => [Key, Value]));
      lab.control.addSecurityGroup({
        accountId,
        region,
        groupId: "sg-0fedcba9876543210",
        name,
        tags,
      });
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.failure?.cause).toContain("isolates nobody yet");
    expect(story.replacements).toEqual([]);
  });
});
