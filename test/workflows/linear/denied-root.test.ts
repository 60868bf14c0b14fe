import { describe, expect, it } from "@jest/globals";
import type { Statement } from "../../../local/cloud/iam/policy.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLab } from "../../../local/lab/lab.ts";
import { rich, actionsOf } from "../../../local/lab/scenarios.ts";

const roleArn = `arn:aws:iam::${accountId}:role/SpotOptimizerRole`;
const operation = "CreateReplaceRootVolumeTask";

describe("a role that may not replace a root volume", () => {
  it.each(["stop-and-image", "move-root-volume"] as const)(
    "costs a relaunch, not the switch (%s)",
    async (name) => {
      const lab = await createLab({ ...rich[name], maxReplacements: 2 });
      const { identities } = lab.platform.cloud;
      const denial: Statement = { effect: "Deny", actions: [`ec2:${operation}`], resources: ["*"] };
      identities.changeRole(roleArn, {
        statements: [...(identities.role(roleArn)?.statements ?? []), denial],
      });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
      expect(story.evaluation.progress.rootTransfer).toBe("relaunch");
      expect(
        story.effects.filter(({ action }) => action === operation).map(({ outcome }) => outcome),
      ).toEqual(name === "move-root-volume" ? ["REFUSED", "REFUSED"] : ["REFUSED"]);
      expect(actionsOf(story).filter((action) => action === "RunInstances")).toHaveLength(2);
    },
  );
});
