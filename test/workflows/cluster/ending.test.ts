import { describe, expect, it } from "@jest/globals";
import { createGroupLab, type GroupLab } from "../../../local/lab/group-lab.ts";

/** Once, right after our nth call of the operation. */
const after = (
  { platform, name }: GroupLab,
  operation: string,
  nth: number,
  happens: () => void,
): void => {
  let seen = 0;
  platform.cloud.faults.after((call) => {
    const isOurs = call.caller.accountId === name.accountId && call.caller.sessionName;
    if (call.operation !== operation || isOurs === undefined) return;
    seen += 1;
    if (seen === nth) happens();
  });
};

describe("how a conversion ended", () => {
  it("counts what stands: a replacement that was lost after it had taken over is named", async () => {
    const lab = await createGroupLab({ size: 2, policy: { batch_size: 1 } });
    const lost: string[] = [];
    // The second original leaves: the first replacement is ended by its owner.
    after(lab, "TerminateInstanceInAutoScalingGroup", 2, () => {
      const [first] = lab.group()?.members.filter(({ lifecycle }) => lifecycle === "spot") ?? [];
      if (first === undefined) return;
      lost.push(first.instanceId);
      lab.platform.ec2.control.terminateByOwner(first.instanceId);
    });
    const ending = await lab.run();
    const [id = "none"] = lost;
    expect(ending.swaps.find(({ replacement }) => replacement?.instanceId === id)?.stage).toBe(
      "DONE",
    );
    expect(ending.evaluation.outcome?.sentence).toContain(`${id}, which had taken over from`);
    expect(ending.status).toBe("PARTLY_SWITCHED");
  });
});
