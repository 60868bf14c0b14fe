import { describe, expect, it } from "@jest/globals";
import { refusals } from "../../../local/lab/harm.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { actionsOf, asOwner, atFirst, rich, tagKeysIn } from "../../../local/lab/scenarios.ts";

const claimTag = "spot-optimizer:claim";
const foreign = "dpl-9999999999#7";

const claimOn = ({ control, originalId }: Lab): string | undefined =>
  control.find(originalId)?.tags[claimTag];

/** As another deployment does on the same account. */
const claimByAnother = async (lab: Lab): Promise<void> => {
  await asOwner(lab)("CreateTags", {
    Resources: [lab.originalId],
    Tags: [{ Key: claimTag, Value: foreign }],
  });
};

const claimed = (value: string) => ({ instance: { tags: { Name: "web", [claimTag]: value } } });

describe("the claim on an original", () => {
  it.each(["stateless", "stop-and-image", "relaunch"] as const)(
    "stands from before the first change to the end of a switch (%s)",
    async (name) => {
      const lab = await createLab(rich[name]);
      const seen: string[] = [];
      atFirst(lab, "RunInstances", {
        when: "before",
        what: () => {
          seen.push(claimOn(lab) ?? "none");
        },
      });
      const story = await lab.run();
      // That it stands at each change and not at the end is judged in every workflow test.
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
      const { deploymentId, leases } = story.evaluation;
      expect(seen).toEqual([`${deploymentId}#${String(leases.at(-1)?.fence)}`]);
      expect(actionsOf(story)[0]).toBe("CreateTags");
    },
  );

  it("of another deployment is a refusal by name, and is not touched", async () => {
    const lab = await createLab(claimed(foreign));
    const story = await lab.run();
    expect([story.status, story.evaluation.verdict?.reason]).toEqual(["REFUSED", "FOREIGN_CLAIM"]);
    expect(story.evaluation.outcome?.sentence).toContain(foreign);
    expect([claimOn(lab), story.mutations]).toEqual([foreign, []]);
  });

  it.each(["RunInstances", "StopInstances"])(
    "that another deployment writes over ours before %s ends the switch, and stays",
    async (operation) => {
      const lab = await createLab(rich["stop-and-image"]);
      let isDone = false;
      const { functions } = lab.platform;
      const invoke = functions.invoke.bind(functions);
      const step = operation === "RunInstances" ? "linear-launch" : "linear-freeze-original";
      functions.invoke = async (name, payload) => {
        if (name === step && !isDone) {
          isDone = true;
          await claimByAnother(lab);
        }
        return invoke(name, payload);
      };
      const story = await lab.run();
      expect(lab.watch.broken).toEqual([]);
      expect([story.status, story.evaluation.failure?.error]).toEqual([
        "ROLLED_BACK",
        "StaleOriginal",
      ]);
      expect(story.evaluation.failure?.cause).toContain(foreign);
      expect(actionsOf(story)).not.toContain(operation);
      expect(claimOn(lab)).toBe(foreign);
    },
  );

  it("that an earlier evaluation of our own has left is written over, and goes", async () => {
    const first = await createLab();
    const { deploymentId } = (await first.run()).evaluation;
    // The deployment's id comes from the seed.
    const lab = await createLab(claimed(`${deploymentId}#99`));
    const story = await lab.run();
    expect(story.status).toBe("SWITCHED");
    expect(await complaintsAbout(lab, story)).toEqual([]);
    const intent = story.intents.find(({ change }) => change.kind === "CLAIM_ORIGINAL");
    expect(intent?.before).toEqual({ [claimTag]: `${deploymentId}#99` });
  });

  it("is not written in shadow mode, nor where nothing is switched", async () => {
    for (const options of [{ isShadowMode: true }, { policy: { min_savings_percent: 95 } }]) {
      const lab = await createLab(options);
      const story = await lab.run();
      expect([story.mutations, claimOn(lab)]).toEqual([[], undefined]);
    }
  });

  it("that AWS does not let us take away is told, and the original is as it was otherwise", async () => {
    const lab = await createLab();
    lab.control.failChecks(({ lifecycle }) => lifecycle === "spot", "system");
    lab.platform.cloud.faults.before((call) => {
      if (call.operation === "DeleteTags") throw refusals.unauthorized();
    });
    const story = await lab.run();
    expect(lab.watch.broken).toEqual([]);
    expect(story.status).toBe("NEEDS_OPERATOR");
    expect(story.evaluation.rollbackProblem).toContain("DeleteTags");
    expect(story.original?.state).toBe("running");
  });

  it("is taken from the original when a person adopts what serves", async () => {
    const lab = await createLab();
    atFirst(lab, (call) => call.operation === "DeleteTags" && tagKeysIn(call).includes(claimTag), {
      when: "before",
      what: () => {
        throw refusals.unauthorized();
      },
    });
    const story = await lab.run();
    expect(story.status).toBe("NEEDS_OPERATOR");
    expect(claimOn(lab)).toBeDefined();
    const serving = lab.replacement()?.instanceId;
    const path = `/evaluations/${story.evaluationId}/adopt`;
    const { status } = await lab.send("POST", path, { serving, reason: "It serves." });
    expect(status).toBe(202);
    const adopted = await lab.finish(story.evaluationId);
    expect(adopted.status).toBe("ADOPTED");
    expect(claimOn(lab)).toBeUndefined();
  });
});
