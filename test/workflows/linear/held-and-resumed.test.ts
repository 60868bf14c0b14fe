import { describe, expect, it } from "@jest/globals";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { atFirst, letSwitchesBegin, rich, throwKillSwitch } from "../../../local/lab/scenarios.ts";

describe("a switch that is held because its replacement serves", () => {
  it.each(["RegisterTargets", "AssociateAddress"])(
    "since the kill switch was thrown after %s goes on where it stands, once that is lifted and a person resumes it",
    async (operation) => {
      const lab = await createLab(rich["stop-and-image"]);
      atFirst(lab, operation, { when: "after", what: () => throwKillSwitch(lab) });
      const held = await lab.run();
      expect(held).toMatchObject({
        status: "NEEDS_OPERATOR",
        evaluation: { outcome: { isHeld: true, reason: "REPLACEMENT_SERVES" } },
      });
      expect(held.original?.state).toBe("stopped");
      const resume = `/evaluations/${held.evaluationId}/resume`;
      const reason = "the drill is over";
      expect(await lab.send("POST", resume, { reason })).toMatchObject({ status: 409 });

      await lab.send("PUT", "/kill-switch", { engaged: false, reason });
      await letSwitchesBegin(lab);
      expect(await lab.send("POST", resume, { reason })).toMatchObject({ status: 202 });
      const story = await lab.finish(held.evaluationId);
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
      expect(story.evaluation.progress.servedFrom).toBe(held.evaluation.progress.servedFrom);
      expect(story.replacements).toHaveLength(1);
    },
  );

  it("names what is not at the replacement, to whoever would adopt that", async () => {
    const lab = await createLab(rich["stop-and-image"]);
    atFirst(lab, "RegisterTargets", { when: "after", what: () => throwKillSwitch(lab) });
    const held = await lab.run();
    const serving = held.swap?.replacement?.instanceId ?? "";
    const { status, body } = await lab.send(
      "POST",
      `/evaluations/${held.evaluationId}/adopt?dry_run=true`,
      { serving, reason: "it serves" },
    );
    expect(status).toBe(200);
    const steps = body["steps"] as readonly string[];
    const told = steps.find((step) => step.startsWith(`Not at ${serving}, and not moved to it:`));
    const shown = lab.control.find(serving);
    for (const id of lab.watch.allocationIds) {
      expect([id, told?.includes(id)]).toEqual([id, shown?.allocationIds.includes(id) !== true]);
    }
    for (const id of lab.watch.dataVolumeIds) expect(told).not.toContain(id);
  });
});
