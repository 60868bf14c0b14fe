import { describe, expect, it } from "@jest/globals";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { rich } from "../../../local/lab/scenarios.ts";

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
});
