/** A recovery with data is not made before the application on the load's own root has proved itself: a machine in emergency mode passes EC2's checks. */
import { describe, expect, it } from "@jest/globals";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { createLabLost } from "../../../local/lab/lab.ts";
import { rootOf } from "../../../local/lab/promises/promise.ts";
import { atFirst, richOnSpot } from "../../../local/lab/scenarios.ts";
import { targetOf } from "./recovery-lab.ts";

const proof = [{ kind: "target-groups" }];
const options = { ...richOnSpot["stop-and-image"], policy: { proof } };

describe("a recovery with data whose policy names a proof", () => {
  it("asks the application once it has its own root and its identity, and not the one that is lost", async () => {
    const lab = await createLabLost(options);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    const proofs = story.evaluation.proofs ?? [];
    expect(proofs.map(({ stage, holds }) => [stage, holds])).toEqual([["after", true]]);
    const { servingAt = "" } = story.evaluation.progress;
    expect((proofs[0]?.at ?? "") >= servingAt).toBe(true);
  });

  it("is not recorded as made where the application does not prove itself: what serves stays, and a person is told", async () => {
    const lab = await createLabLost(options);
    atFirst(lab, "RegisterTargets", {
      when: "after",
      what: () => {
        lab.platform.elb.setApplicationHealthy(lab.replacement()?.instanceId ?? "", false);
      },
    });
    const story = await lab.run();
    expect(story.evaluation.outcome).toMatchObject({
      status: "NEEDS_OPERATOR",
      isHeld: true,
      reason: "ONLY_FORWARD",
    });
    expect((await targetOf(lab))?.instanceId).toBe(lab.originalId);
    const [host] = story.replacements;
    expect([host?.state, rootOf(host)]).toEqual(["running", lab.watch.rootVolumeId]);
    expect(lab.watch.broken).toEqual([]);
  });
});
