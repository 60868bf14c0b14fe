import { describe, expect, it } from "@jest/globals";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { accountId, createLab, type LabOptions } from "../../../local/lab/lab.ts";
import { rich } from "../../../local/lab/scenarios.ts";

const replay = async (lab: Lab, { evaluationId }: Ending, body?: unknown) =>
  lab.send("POST", `/evaluations/${evaluationId}/replay`, body);

const verdicts: readonly (readonly [string, LabOptions, string])[] = [
  ["a switch", rich["stop-and-image"], "SWITCHED"],
  ["a shadow run", { isShadowMode: true }, "SHADOWED"],
  ["one that waits for approval", { policy: { require_approval: true } }, "AWAITING_APPROVAL"],
  ["a stay", { policy: { min_savings_percent: 90 } }, "STAYED"],
  ["a refusal before the market", { instance: { disableApiStop: true } }, "REFUSED"],
  ["a refusal of a PROD account", { environment: "PROD" }, "REFUSED"],
];

describe("a replay", () => {
  it.each(verdicts)(
    "of %s gives the same verdict, byte for byte",
    async (_name, options, status) => {
      const lab = await createLab(options);
      const story = await lab.run();
      expect(story.status).toBe(status);
      expect(await replay(lab, story)).toMatchObject({
        status: 200,
        body: { identical: true, differences: [] },
      });
    },
  );

  it("does not depend on what becomes of target, account and market afterwards", async () => {
    const lab = await createLab({ isShadowMode: true });
    const story = await lab.run();
    const patched = [
      await lab.send("PATCH", `/lab/instances/${lab.targetId}`, {
        is_shadow_mode: false,
        policy_overrides: { min_savings_percent: 95 },
      }),
      await lab.send("PATCH", `/accounts/${accountId}`, { status: "DISABLED" }),
    ];
    expect(patched.map(({ status }) => status)).toEqual([200, 200]);
    await lab.clock.run({ atMostMs: lab.clock.now() + 24 * 3_600_000 });
    expect((await replay(lab, story)).body).toMatchObject({ identical: true });
  });

  it("with another policy shows the difference, and changes nothing", async () => {
    const lab = await createLab({ isShadowMode: true });
    const story = await lab.run();
    const answer = await replay(lab, story, { policy_overrides: { min_savings_percent: 95 } });
    expect(answer.body).toMatchObject({ identical: false });
    expect((await lab.send("GET", `/evaluations/${story.evaluationId}`)).body).toEqual(
      story.answer,
    );
  });

  it("makes no call to AWS", async () => {
    const lab = await createLab({ isShadowMode: true });
    const story = await lab.run();
    const before = lab.platform.cloud.journal.length;
    await replay(lab, story);
    expect(lab.platform.cloud.journal).toHaveLength(before);
  });
});
