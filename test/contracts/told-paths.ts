/** What AWS tells: our bus is opened; warnings are heard of an instance that the inventory does not know, and of one that serves a target. */
import { updateAccount } from "../../adapters/store/accounts.ts";
import { noteWatched } from "../../adapters/store/watched-places.ts";
import { listTargets } from "../../adapters/store/targets.ts";
import { isWatchedForLoss } from "../../core/decide/switch/recovery-attempts.ts";
import { accountIdSchema } from "../../core/model/ids.ts";
import type { TargetOf } from "../../core/model/target.ts";
import type { LabAccount } from "../../local/lab/account.ts";
import { hourMs } from "./walk.ts";

const minuteMs = 60_000;

export const warn = async ({ platform, region, accountId }: LabAccount, instanceId: string) => {
  const event = {
    source: "aws.ec2",
    "detail-type": "EC2 Spot Instance Interruption Warning",
    account: accountId,
    region,
    time: new Date(platform.clock.now()).toISOString(),
    detail: { "instance-id": instanceId, "instance-action": "terminate" },
  };
  const attributes = { ApproximateReceiveCount: "1" };
  const Records = [{ messageId: "1", body: JSON.stringify(event), attributes }];
  await platform.functions.invoke("interruption-receive", { Records });
};

const onSpotIn = async ({ table, ...stage }: LabAccount): Promise<TargetOf<"LINEAR">> => {
  const accountId = accountIdSchema.parse(stage.accountId);
  const { items } = await listTargets(table, { accountId, limit: 100 });
  const watched = items.find(isWatchedForLoss);
  if (watched === undefined) throw new Error("No target stands on Spot.");
  return watched;
};

/** The answer to the start of its response is lost: it is asked for by its name. */
const loseStarts = ({ platform }: LabAccount): (() => void) =>
  platform.cloud.faults.after(({ operation }) => {
    if (operation === "StartExecution") throw new Error("socket hang up");
  });

const warnOfTarget = async (stage: LabAccount): Promise<void> => {
  const { clock } = stage;
  const { instanceId } = await onSpotIn(stage);
  const release = loseStarts(stage);
  await warn(stage, instanceId);
  release();
  await clock.run({ atMostMs: clock.now() + hourMs });
};

/** EC2 takes it, and nothing but its Spot request tells. */
export const watchRequests = async (stage: LabAccount): Promise<void> => {
  const { platform, table, clock, region } = stage;
  const { accountId, targetId, instanceId } = await onSpotIn(stage);
  await noteWatched(table, { accountId, region, targets: [{ targetId, instanceId }] });
  platform.ec2.control.interrupt(instanceId, { noticeSeconds: 0 });
  // Its request says so once it has ended.
  await clock.run({ atMostMs: clock.now() + 2 * minuteMs });
  const release = loseStarts(stage);
  clock.schedule(clock.now(), async () => {
    await platform.functions.invoke("schedule-watch-requests", {});
  });
  await clock.run({ atMostMs: clock.now() + 40_000 });
  release();
  await clock.run({ atMostMs: clock.now() + hourMs });
};

export const hearOfInterruption = async (stage: LabAccount): Promise<void> => {
  const { platform, table } = stage;
  const accountId = accountIdSchema.parse(stage.accountId);
  await platform.functions.invoke("interruption-open-bus", {});
  // Of a LAB account nothing is remembered.
  await updateAccount(table, accountId, (account) => ({ ...account, environment: "PROD" }));
  await warn(stage, "i-00000000000000000");
  await updateAccount(table, accountId, (account) => ({ ...account, environment: "LAB" }));
  await warnOfTarget(stage);
};
