import { describe, expect, it } from "@jest/globals";
import { refusals } from "../../../local/lab/harm.ts";
import { createNodeLab } from "../../../local/lab/node-lab.ts";
import { currentInvocation } from "../../../local/platform/invocation.ts";

const undoing: readonly (string | undefined)[] = ["kubernetes-release", "kubernetes-roll-back"];

describe("a setting of the group that its evaluation could not give back", () => {
  it("is given back by the janitor", async () => {
    const lab = await createNodeLab();
    const { clock, platform } = lab.account;
    platform.cloud.faults.before((call) => {
      if (!undoing.includes(currentInvocation()?.name)) return;
      const isGivingBack =
        call.operation === "ResumeProcesses" || call.operation === "SetInstanceProtection";
      if (isGivingBack) throw refusals.unauthorized();
    });
    const ending = await lab.run();
    expect(ending.status).toBe("NEEDS_OPERATOR");
    expect(ending.after.own.suspended).toEqual(["AZRebalance"]);
    await clock.run({ atMostMs: clock.now() + 40 * 60_000 });
    await platform.functions.invoke("schedule-janitor", {});
    expect(lab.snapshot().own.suspended).toEqual([]);
  });
});
