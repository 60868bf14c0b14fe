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
