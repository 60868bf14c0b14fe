/** Which Spot Instances go back to On-Demand: those that a switch of the same target has launched, and no other. */
import { describe, expect, it } from "@jest/globals";
import { evaluationIdSchema } from "../../../core/model/ids.ts";
import { evaluationTag, targetTag } from "../../../core/model/tags.ts";
import type { InstanceSummary } from "../../../local/cloud/ec2/control-reads.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { createLab, createLabOnSpot, type LabOptions } from "../../../local/lab/lab.ts";
import { asOwner } from "../../../local/lab/scenarios.ts";
import { hourMs } from "../../../local/lab/schedules.ts";
import { addWorkload, register, requireInstance } from "../../../local/lab/subject.ts";

const stateless = { consistency: "stateless" } as const satisfies LabOptions;
const ownersSpot: LabOptions = { ...stateless, instance: { lifecycle: "spot" } };

/** @returns the new target's id */
const registerToo = (lab: Lab, instance: InstanceSummary): Promise<string> =>
  register(lab.account, instance, {
    isShadowMode: false,
    policyOverrides: { ...stateless, accept_change_of: ["primary-private-ip"] },
  });

const evaluate = async (lab: Lab, targetId: string, body?: unknown): Promise<Ending> => {
  const path = `/lab/instances/${targetId}/evaluate`;
  const { body: started } = await lab.send("POST", path, body);
  return lab.finish(evaluationIdSchema.parse(started["evaluation_id"]));
};

const askBack = (lab: Lab, targetId: string): Promise<Ending> =>
  evaluate(lab, targetId, { to: "ON_DEMAND" });

const refused = { status: "REFUSED", reason: "NOT_PLACED_BY_A_SWITCH" };

/** Who may write tags may write any: a tag entitles to nothing. */
const writeTags = (
  lab: Lab,
  instanceId: string,
  tags: Readonly<Record<string, string>>,
): Promise<unknown> =>
  asOwner(lab)("CreateTags", {
    Resources: [instanceId],
    Tags: Object.entries(tags).map(([key, value]) => ({ Key: key, Value: value })),
  });

const operationsOf = ({ mutations }: Ending): readonly string[] =>
  mutations.map(({ operation }) => operation);

/** The owner's own. */
const writtenByOwner = ["CreateTags"];

describe("a Spot Instance that no switch of its target has launched", () => {
  it("stays its owner's, who bought it", async () => {
    const lab = await createLab(ownersSpot);
    const story = await askBack(lab, lab.targetId);
    expect(story.evaluation.outcome).toMatchObject(refused);
    expect(story.mutations).toEqual([]);
  });

  it("stays its owner's, who launched it like one of a switch, and wrote its own target on it", async () => {
    const lab = await createLabOnSpot(stateless);
    const { tags } = requireInstance(lab.account, lab.originalId);
    const alike = addWorkload(lab.account, { instanceType: "m5.large", lifecycle: "spot", tags });
    expect(alike.tags).toHaveProperty(evaluationTag);
    const targetId = await registerToo(lab, alike);
    await writeTags(lab, alike.instanceId, { [targetTag]: targetId });
    const story = await askBack(lab, targetId);
    expect(story.evaluation.outcome).toMatchObject(refused);
    expect(operationsOf(story)).toEqual(writtenByOwner);
  });

  it("stays its owner's, who wrote an evaluation of this very target on it that launched nothing", async () => {
    const lab = await createLab(ownersSpot);
    const { evaluationId, swap } = await evaluate(lab, lab.targetId);
    expect(swap?.replacement).toBeUndefined();
    await writeTags(lab, lab.originalId, {
      [evaluationTag]: evaluationId,
      [targetTag]: lab.targetId,
    });
    const story = await askBack(lab, lab.targetId);
    expect(story.evaluation.outcome).toMatchObject(refused);
    expect(operationsOf(story)).toEqual(writtenByOwner);
  });

  it("stays where it is while its tag names an earlier switch of this very target, that launched another", async () => {
    const lab = await createLabOnSpot(stateless);
    const earlier = requireInstance(lab.account, lab.originalId).tags[evaluationTag] ?? "";
    expect((await lab.run()).status).toBe("FELL_BACK");
    // It has just moved: it stays for a while.
    await lab.clock.run({ atMostMs: lab.clock.now() + 30 * hourMs });
    const { status, swap } = await evaluate(lab, lab.targetId, { to: "SPOT" });
    expect(status).toBe("SWITCHED");
    await writeTags(lab, swap?.replacement?.instanceId ?? "", { [evaluationTag]: earlier });
    const story = await askBack(lab, lab.targetId);
    expect(story.evaluation.outcome).toMatchObject(refused);
  });

  it("stays where it is once the target of its switch was deleted, and it stands under another", async () => {
    const lab = await createLabOnSpot(stateless);
    const path = `/lab/instances/${lab.targetId}?deletion_flags=leave`;
    expect((await lab.send("DELETE", path)).status).toBe(204);
    const placed = requireInstance(lab.account, lab.originalId);
    const targetId = await registerToo(lab, placed);
    expect(targetId).not.toBe(lab.targetId);
    expect(placed.tags).toHaveProperty(evaluationTag);
    await writeTags(lab, lab.originalId, { [targetTag]: targetId });
    const story = await askBack(lab, targetId);
    expect(story.evaluation.outcome).toMatchObject(refused);
    expect(operationsOf(story)).toEqual(writtenByOwner);
  });
});
