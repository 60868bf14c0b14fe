import { describe, expect, it } from "@jest/globals";
import { createGroupLab } from "../../../local/lab/group-lab.ts";
import { createGroupOwner } from "../../../local/lab/group-owner.ts";

describe("a member that its owner names by its place", () => {
  it("is one of its zone that serves where that one does not serve any longer, as in the run beside", async () => {
    const lab = await createGroupLab({ size: 6, zones: 3, isBehindLoadBalancer: false });
    const owner = createGroupOwner(lab.platform, lab.name);
    const members = lab.group()?.members ?? [];
    const ofZone = (zoneName: string | undefined): readonly string[] =>
      members.filter((member) => member.zoneName === zoneName).map(({ instanceId }) => instanceId);
    for (const [place, { zoneName }] of members.slice(0, 3).entries()) {
      await owner.act({ kind: "LOSE", member: place });
      await owner.act({ kind: "LOSE", member: place });
      const serving = lab.platform.autoScaling.control.serving(lab.name);
      expect(ofZone(zoneName).filter((id) => serving.includes(id))).toEqual([]);
    }
  });
});
