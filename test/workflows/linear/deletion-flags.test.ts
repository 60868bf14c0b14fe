import { describe, expect, it } from "@jest/globals";
import { CloudError } from "../../../local/cloud/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { createLab } from "../../../local/lab/lab.ts";
import {
  asOwner,
  atFirst,
  isRetirement,
  rich,
  throwKillSwitch,
} from "../../../local/lab/scenarios.ts";

/** Its owner, or a script of theirs, makes every volume at the replacement deletable. */
const makeDeletable = async (lab: Lab): Promise<void> => {
  const { instanceId, volumes = [] } = lab.replacement() ?? {};
  await asOwner(lab)("ModifyInstanceAttribute", {
    InstanceId: instanceId,
    BlockDeviceMappings: volumes.map(({ deviceName }) => ({
      DeviceName: deviceName,
      Ebs: { DeleteOnTermination: true },
    })),
  });
};

/** Right before that function runs for the first time. */
const beforeFirst = (lab: Lab, name: string, act: () => Promise<void>): void => {
  const { functions } = lab.platform;
  const invoke = functions.invoke.bind(functions);
  let isDone = false;
  functions.invoke = async (invoked, payload) => {
    if (invoked === name && !isDone) {
      isDone = true;
      await act();
    }
    return invoke(invoked, payload);
  };
};

const mode = rich["move-volumes"];
const retires = (lab: Lab, act: () => void): void => {
  atFirst(lab, isRetirement, { when: "before", what: act });
};

describe("what somebody made deletable at a verified replacement", () => {
  it("is kept again before the original is retired", async () => {
    const lab = await createLab(mode);
    beforeFirst(lab, "linear-retire-original", () => makeDeletable(lab));
    const atRetirement: string[] = [];
    let wasAsked = false;
    retires(lab, () => {
      wasAsked = true;
      atRetirement.push(...(lab.replacement()?.deletedWithIt ?? []));
    });
    const story = await lab.run();
    expect(story.status).toBe("SWITCHED");
    expect(wasAsked).toBe(true);
    // Its primary interface holds nothing of the customer's.
    const primary = story.replacements[0]?.networkInterfaceIds[0];
    expect(atRetirement).toEqual([primary]);
  });

  it("is waited for until EC2 shows that it is kept", async () => {
    const lab = await createLab(mode);
    let times = 0;
    beforeFirst(lab, "linear-retire-original", async () => {
      await makeDeletable(lab);
      lab.platform.cloud.faults.after(async ({ operation, caller }) => {
        const isOurs = caller.sessionName?.startsWith("evl-") === true;
        if (operation !== "ModifyInstanceAttribute" || !isOurs || times === 6) return;
        times += 1;
        await makeDeletable(lab);
      });
    });
    const atRetirement: string[] = [];
    retires(lab, () => {
      atRetirement.push(...(lab.replacement()?.deletedWithIt ?? []));
    });
    const story = await lab.run();
    expect(times).toBe(6);
    expect(story.status).toBe("SWITCHED");
    expect(atRetirement).toEqual([story.replacements[0]?.networkInterfaceIds[0]]);
  });

  it("keeps the original from being retired where EC2 refuses", async () => {
    const lab = await createLab(mode);
    const { faults } = lab.platform.cloud;
    beforeFirst(lab, "linear-retire-original", async () => {
      await makeDeletable(lab);
      faults.before(({ operation, caller, input }) => {
        const { BlockDeviceMappings: devices } = input as {
          readonly BlockDeviceMappings?: readonly {
            readonly Ebs: { readonly DeleteOnTermination: boolean };
          }[];
        };
        if (operation !== "ModifyInstanceAttribute" || caller.roleArn === undefined) return;
        if (devices?.some(({ Ebs }) => !Ebs.DeleteOnTermination) !== true) return;
        throw new CloudError("UnauthorizedOperation", "You are not authorized.", 403);
      });
    });
    let isRetired = false;
    retires(lab, () => {
      isRetired = true;
    });
    const story = await lab.run();
    expect(isRetired).toBe(false);
    expect(story.status).not.toBe("SWITCHED");
    expect(story.evaluation.failure?.error).toBe("BrokenPermission");
  });
});

describe("the owner's flags", () => {
  const flagsOf = async (lab: Lab): Promise<unknown> =>
    (await lab.send("GET", `/lab/instances/${lab.targetId}`)).body["owners_deletion_flags"];

  it("are kept in the target from the switch on, and returned when it is forgotten", async () => {
    const lab = await createLab(mode);
    expect(await flagsOf(lab)).toBeUndefined();
    const [first = "", second = ""] = lab.watch.dataVolumeIds;
    const [secondary = ""] = lab.watch.secondaryInterfaceIds;
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(await flagsOf(lab)).toEqual({
      root: false,
      primary_interface: false,
      volumes: [
        { volume_id: first, delete_on_termination: true },
        { volume_id: second, delete_on_termination: false },
      ],
      interfaces: [{ network_interface_id: secondary, delete_on_termination: true }],
    });
    const [primary = ""] = lab.replacement()?.networkInterfaceIds ?? [];
    expect(lab.replacement()?.deletedWithIt).toEqual([primary]);
    const { status } = await lab.send("DELETE", `/lab/instances/${lab.targetId}`);
    expect(status).toBe(204);
    expect(lab.replacement()?.deletedWithIt).toEqual([first, secondary]);
  });

  it("are left as they are where that is asked for, and after a switch that was undone there are none", async () => {
    const lab = await createLab(mode);
    await lab.run();
    const kept = lab.replacement()?.deletedWithIt;
    const path = `/lab/instances/${lab.targetId}`;
    const { status } = await lab.send("DELETE", `${path}?deletion_flags=leave`);
    expect(status).toBe(204);
    expect(lab.replacement()?.deletedWithIt).toEqual(kept);

    const undone = await createLab(mode);
    undone.platform.cloud.faults.before((call) => {
      if (isRetirement(call)) throw new CloudError("UnauthorizedOperation", "No.", 403);
    });
    expect((await undone.run()).status).not.toBe("SWITCHED");
    expect(await flagsOf(undone)).toBeUndefined();
  });

  it("can't be returned while the kill switch is on: the target stays, and the answer says what to do", async () => {
    const lab = await createLab(mode);
    await lab.run();
    const kept = lab.replacement()?.deletedWithIt;
    await throwKillSwitch(lab);
    const path = `/lab/instances/${lab.targetId}`;
    const refused = await lab.send("DELETE", path);
    expect(refused.status).toBe(409);
    expect(refused.body["detail"]).toContain("deletion_flags=leave");
    expect(lab.replacement()?.deletedWithIt).toEqual(kept);
    expect((await lab.send("GET", path)).status).toBe(200);
  });

  it("are not looked for where the instance has ended: the target is forgotten", async () => {
    const lab = await createLab(mode);
    await lab.run();
    lab.control.terminateByOwner(lab.replacement()?.instanceId ?? "");
    const { status } = await lab.send("DELETE", `/lab/instances/${lab.targetId}`);
    expect(status).toBe(204);
  });

  it("keep a target of a switched instance in its mode", async () => {
    const lab = await createLab(mode);
    await lab.run();
    const { status, body } = await lab.send("PATCH", `/lab/instances/${lab.targetId}`, {
      pipeline_mode: "CLUSTER",
      metadata: { asg_name: "web-blue" },
    });
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain("stays LINEAR");
  });
});
