import { describe, expect, it } from "@jest/globals";
import type { Ec2Settings } from "../../../local/cloud/ec2/settings.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { refusals } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { rich } from "../../../local/lab/scenarios.ts";

/** Some two minutes for each image: EC2 takes as long with a root volume of a few dozen GiB. */
const slowImages: Partial<Ec2Settings> = { snapshotBaseMs: 120_000 };

const looksAtFinalImage = async (lab: Lab, executionArn: string): Promise<number> => {
  const history = await lab.platform.interpreter.history(executionArn);
  return history.filter(
    ({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name === "Wait for final image",
  ).length;
};

const switched = async (
  settings: Partial<Ec2Settings>,
  prepare: (lab: Lab) => void = () => undefined,
) => {
  const lab = await createLab({
    ...rich["stop-and-image"],
    settings: { ...slowImages, ...settings },
  });
  prepare(lab);
  const story = await lab.run();
  expect(await complaintsAbout(lab, story)).toEqual([]);
  expect(story.status).toBe("SWITCHED");
  return {
    looks: await looksAtFinalImage(lab, story.evaluation.executionArn ?? ""),
    downtime: story.evaluation.downtimeSeconds ?? NaN,
  };
};

describe("the final image, of which EC2 says how much is made", () => {
  it("is looked at less often, and found as early, as where EC2 gives no figure to the end", async () => {
    const told = await switched({});
    const untold = await switched({ snapshotProgress: false });
    expect(told.looks).toBeLessThan(untold.looks);
    // A look takes its moment: fewer looks leave those that follow a little earlier.
    expect(told.downtime).toBeLessThanOrEqual(untold.downtime);
  });

  it("is waited for as before where the snapshots cannot be read: a hint is not needed", async () => {
    let refused = 0;
    const denied = await switched({}, (lab) => {
      lab.platform.cloud.faults.before((call) => {
        if (call.operation !== "DescribeSnapshots") return;
        refused += 1;
        throw refusals.unauthorized();
      });
    });
    expect(refused).toBeGreaterThan(0);
    expect(denied.looks).toBeGreaterThan((await switched({})).looks);
  });
});
