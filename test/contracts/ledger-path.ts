/** The savings ledger's way: what runs is noted before and after an instance on Spot was taken, and its days are stated. */
import type { LabAccount } from "../../local/lab/account.ts";
import { hourMs } from "./walk.ts";

const noteSpans = async ({ platform }: LabAccount): Promise<void> => {
  await platform.functions.invoke("ledger-note-spans", {});
};

export const walkLedger = async (stage: LabAccount): Promise<void> => {
  const { accountId, clock, platform } = stage;
  const { control } = platform.ec2;
  await noteSpans(stage);
  for (const { instanceId, lifecycle } of control.running(accountId)) {
    if (lifecycle === "spot") control.interrupt(instanceId);
  }
  await clock.run({ atMostMs: clock.now() + hourMs / 4 });
  await noteSpans(stage);
  await platform.functions.invoke("ledger-state-days", {});
};
