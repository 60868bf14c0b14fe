import { describe, expect, it } from "@jest/globals";
import { CloudError } from "../../../local/cloud/contract.ts";
import { isDryRun } from "../../../local/cloud/journal.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { findLeaks } from "../../../local/lab/secrets.ts";
import { rich } from "../../../local/lab/scenarios.ts";

describe("credentials, the ExternalId and user data", () => {
  it("are known to the search, which finds them where they are put", async () => {
    const lab = await createLab({ isShadowMode: true });
    const story = await lab.run();
    const [secret = ""] = lab.secrets.values;
    expect(lab.secrets.values.size).toBeGreaterThanOrEqual(5);
    const { platform, secrets } = lab;
    expect(await findLeaks(platform, story, { secrets, logged: [`oops ${secret}`] })).toEqual([
      "a secret stands in the log",
    ]);
    expect(story.leaks).toEqual([]);
  });

  /** AWS may repeat in its message what it was given. */
  const echo = (lab: Lab, operation: string, isTrial = false): void => {
    lab.platform.cloud.faults.before((call) => {
      if (call.operation !== operation || isDryRun(call.service, call.input) !== isTrial) return;
      throw new CloudError("InvalidParameterValue", `Not accepted: ${JSON.stringify(call.input)}`);
    });
  };

  it.each(["AssumeRole", "RunInstances"])(
    "stand in no record, history or log though %s is refused with all of it in the message",
    async (operation) => {
      const lab = await createLab(rich["stop-and-image"]);
      echo(lab, operation);
      const story = await lab.run();
      expect(["ROLLED_BACK", "DEGRADED"]).toContain(story.status);
      expect(story.leaks).toEqual([]);
    },
  );

  it("stand nowhere though the dry run of a launch is refused with all of it in the message", async () => {
    const lab = await createLab(rich["stop-and-image"]);
    echo(lab, "RunInstances", true);
    const story = await lab.run();
    expect([story.status, story.evaluation.verdict?.reason]).toEqual(["REFUSED", "LAUNCH_REFUSED"]);
    expect(story.leaks).toEqual([]);
  });
});
