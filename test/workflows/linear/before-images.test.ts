import { describe, expect, it } from "@jest/globals";
import type { Lab } from "../../../local/lab/contract.ts";
import { refusals } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { createLab, type LabOptions } from "../../../local/lab/lab.ts";
import {
  actionsOf,
  asOwner,
  atFirst,
  isRetirement,
  plain,
  rich,
  tagKeysIn,
  throwKillSwitch,
} from "../../../local/lab/scenarios.ts";
import { enrolled } from "../../../local/platform/customer-group.ts";

/** The original is tagged, the answers do not arrive, and the switch is given up. */
const loseAnswersOfTags = (lab: Lab): void => {
  lab.platform.cloud.faults.after((call) => {
    if (!isRetirement(call) || call.caller.sessionName?.startsWith("evl-") !== true) return;
    throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
  });
};

const tagged = (tags: Readonly<Record<string, string>>): LabOptions => ({
  ...rich.stateless,
  instance: { ...rich.stateless.instance, tags },
});

describe("a roll-back after the original was marked as retired", () => {
  it.each([
    ["of a tool of its owner's", { Name: "web", ManagedBy: "platform-team" }],
    [
      "of an earlier deployment",
      { "spot-optimizer:deployment": "dpl-earlier", "spot-optimizer:retire-after": "2025" },
    ],
    ["of nobody", {}],
  ] as const)("leaves the tags %s as they were", async (_name, tags) => {
    const lab = await createLab(tagged(tags));
    loseAnswersOfTags(lab);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.original?.tags).toEqual({ ...tags, ...enrolled });
    expect(actionsOf(story)).toContain("DeleteTags");
  });

  it("takes nothing away where EC2 refused our tags", async () => {
    const lab = await createLab(tagged({ ManagedBy: "platform-team", Name: "web" }));
    atFirst(lab, isRetirement, {
      when: "before",
      what: () => {
        throw refusals.unauthorized();
      },
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    // Our claim on the original is all that there was.
    const taken = story.mutations.filter(({ operation }) => operation === "DeleteTags");
    expect(taken.map(tagKeysIn)).toEqual([["spot-optimizer:claim"]]);
  });

  it("leaves what the owner has written over our tags meanwhile", async () => {
    const lab = await createLab(tagged({ Name: "web" }));
    const owner = asOwner(lab);
    loseAnswersOfTags(lab);
    atFirst(lab, "DeleteTags", {
      when: "before",
      what: async () => {
        await owner("CreateTags", {
          Resources: [lab.originalId],
          Tags: [{ Key: "ManagedBy", Value: "platform-team" }],
        });
      },
    });
    const story = await lab.run();
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.original?.tags).toEqual({ Name: "web", ManagedBy: "platform-team", ...enrolled });
  });
});

describe("a switch of an instance that another tool of its owner's manages", () => {
  it("leaves its ManagedBy on the original, and gives it to the replacement", async () => {
    const lab = await createLab(rich["stop-and-image"]);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    const tags = [story.original, lab.replacement()].map((instance) => instance?.tags["ManagedBy"]);
    expect(tags).toEqual(["platform-team", "platform-team"]);
  });
});

describe("a deletion flag that the owner changes between the verdict and the move", () => {
  it("comes back as he set it", async () => {
    const lab = await createLab(plain);
    const owner = asOwner(lab);
    atFirst(lab, "DetachVolume", {
      when: "before",
      what: async () => {
        // The reading before this call has seen it.
        expect(isDeletedWith(lab)).toBe(true);
        await throwKillSwitch(lab);
      },
    });
    atFirst(lab, "StopInstances", {
      when: "before",
      what: async () => {
        await owner("ModifyInstanceAttribute", {
          InstanceId: lab.originalId,
          BlockDeviceMappings: [{ DeviceName: "/dev/sdf", Ebs: { DeleteOnTermination: true } }],
        });
      },
    });
    const story = await lab.run();
    expect(story.status).toBe("ROLLED_BACK");
    expect(isDeletedWith(lab)).toBe(true);
  });
});

const isDeletedWith = (lab: Lab): boolean =>
  lab.watch.dataVolumeIds.every((id) =>
    lab.control.find(lab.originalId)?.deletedWithIt.includes(id),
  );
