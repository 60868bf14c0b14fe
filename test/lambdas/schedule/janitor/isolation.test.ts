import { describe, expect, it } from "@jest/globals";
import { accountId } from "../../../../local/lab/lab.ts";
import { plain } from "../../../../local/lab/scenarios.ts";
import { afterSwitch, type JanitorLab } from "./janitor-lab.ts";

const byImage = { ...plain, consistency: "stop-and-image" } as const;

const groupsIn = ({ lab }: JanitorLab): readonly string[] =>
  lab.control
    .securityGroups(accountId)
    .filter(({ name }) => name.startsWith("spot-optimizer-isolation-"))
    .map(({ groupId }) => groupId);

describe("the security group that isolated a replacement", () => {
  it("is deleted by the janitor after the switch", async () => {
    const janitor = await afterSwitch(byImage, undefined, { isIsolationDue: true });
    const [groupId = ""] = groupsIn(janitor);
    await janitor.tidy();
    expect(janitor.calls()).toContain("DeleteSecurityGroup");
    expect(groupsIn(janitor)).toEqual([]);
    expect((await janitor.evaluation())["settlements"]).toContainEqual(
      expect.objectContaining({ of: "ISOLATE", kind: "REMOVED", resource: groupId }),
    );
  });

  it("stays while something uses it, and that is told", async () => {
    const janitor = await afterSwitch(byImage, undefined, { isIsolationDue: true });
    const [groupId = ""] = groupsIn(janitor);
    const replacement = janitor.lab.replacement();
    await janitor.asOwner("ModifyNetworkInterfaceAttribute", {
      NetworkInterfaceId: replacement?.networkInterfaceIds[0],
      Groups: [groupId],
    });
    await janitor.tidy();
    expect(groupsIn(janitor)).toEqual([groupId]);
    expect((await janitor.evaluation())["settlements"]).toContainEqual(
      expect.objectContaining({
        of: "ISOLATE",
        kind: "WAITING",
        sentence: expect.stringContaining("still used"),
      }),
    );
  });

  it("and that is used for days is asked for ever more rarely, and goes within hours once it is free", async () => {
    const janitor = await afterSwitch(byImage, undefined, { isIsolationDue: true });
    const [groupId = ""] = groupsIn(janitor);
    const NetworkInterfaceId = janitor.lab.replacement()?.networkInterfaceIds[0];
    const use = (Groups: readonly string[]): Promise<unknown> =>
      janitor.asOwner("ModifyNetworkInterfaceAttribute", { NetworkInterfaceId, Groups });
    const { SecurityGroupId: other } = janitor.lab.control
      .securityGroups(accountId)
      .filter((group) => group.groupId !== groupId)
      .map((group) => ({ SecurityGroupId: group.groupId }))[0] ?? { SecurityGroupId: "" };
    await use([groupId]);
    for (let hours = 0; hours < 5 * 24; hours += 0.5) {
      await janitor.tidy();
      await janitor.pass(0.5);
    }
    const asked = janitor.calls().filter((call) => call === "DeleteSecurityGroup").length;
    expect(asked).toBeGreaterThan(5);
    expect(asked).toBeLessThan(40);
    await use([other]);
    for (let hours = 0; hours < 6.1; hours += 0.1) {
      await janitor.pass(0.1);
      await janitor.tidy();
    }
    expect(groupsIn(janitor)).toEqual([]);
  });

  it("that its owner has deleted is not asked for again", async () => {
    const janitor = await afterSwitch(byImage, undefined, { isIsolationDue: true });
    const [GroupId] = groupsIn(janitor);
    await janitor.asOwner("DeleteSecurityGroup", { GroupId });
    await janitor.tidy();
    expect(janitor.calls()).not.toContain("DeleteSecurityGroup");
    expect((await janitor.evaluation())["settlements"]).toContainEqual(
      expect.objectContaining({ of: "ISOLATE", kind: "GONE" }),
    );
  });
});
