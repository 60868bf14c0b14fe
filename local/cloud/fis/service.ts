/**
 * Experiments of AWS FIS that interrupt Spot Instances, as a customer starts them in the console: what EventBridge is told, and what EC2
 * does. We never call FIS. Sources: FIS user guide, "Monitor AWS FIS experiments using Amazon EventBridge", "AWS FIS Actions
 * reference", aws:ec2:send-spot-instance-interruptions; EC2 user guide, "Initiate a Spot Instance interruption".
 */
import { eventTime, type AwsEvent } from "../aws-event.ts";
import type { Clock } from "../clock.ts";
import type { Ec2Control } from "../ec2/control.ts";
import { type Random, uuidOf } from "../random.ts";

interface Experiment {
  readonly accountId: string;
  readonly region: string;
  /** Running Spot Instances. */
  readonly instanceIds: readonly string[];
  /** durationBeforeInterruption: two to fifteen minutes. Default: two. */
  readonly minutesBefore?: number;
}

type FisListener = (event: AwsEvent) => void;

export interface Fis {
  readonly control: {
    /** Starts it now: recommended at once, noticed two minutes before the interruption. Returns its id. */
    interruptSpot(experiment: Experiment): string;
    onEvent(listener: FisListener): void;
  };
}

type Status = "pending" | "initiating" | "running" | "completed";

/** "A Spot Instance interruption notice is sent two minutes before they are interrupted." */
const noticeSeconds = 120;

/** EC2's part lasts at most so long after the interruption. */
const tailSeconds = 60;

export const createFis = (
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  ec2: Pick<Ec2Control, "interrupt">,
): Fis => {
  const dice = random.fork("fis");
  const listeners: FisListener[] = [];
  const tell = (
    experiment: Experiment & { readonly id: string; readonly templateId: string },
    change: { readonly from: Status; readonly to: Status },
  ): void => {
    const { accountId, region, id, templateId } = experiment;
    const stateOf = (status: Status) => ({ status, reason: `Experiment is ${status}.` });
    const event: AwsEvent = {
      version: "0",
      id: uuidOf(dice),
      "detail-type": "FIS Experiment State Change",
      source: "aws.fis",
      account: accountId,
      time: eventTime(clock.now()),
      region,
      resources: [`arn:aws:fis:${region}:${accountId}:experiment/${id}`],
      detail: {
        "experiment-id": id,
        "experiment-template-id": templateId,
        "new-state": stateOf(change.to),
        "old-state": stateOf(change.from),
      },
    };
    for (const listener of listeners) listener(event);
  };
  return {
    control: {
      interruptSpot: (asked) => {
        const id = `EXP${dice.hex(15)}`;
        const experiment = { ...asked, id, templateId: `EXT${dice.hex(14)}` };
        tell(experiment, { from: "pending", to: "initiating" });
        tell(experiment, { from: "initiating", to: "running" });
        const rebalanceSeconds = (asked.minutesBefore ?? 2) * 60 - noticeSeconds;
        for (const instanceId of asked.instanceIds) {
          ec2.interrupt(instanceId, { why: "experiment", noticeSeconds, rebalanceSeconds });
        }
        const overMs = clock.now() + (rebalanceSeconds + noticeSeconds + tailSeconds) * 1000;
        clock.schedule(overMs, () => {
          tell(experiment, { from: "running", to: "completed" });
        });
        return id;
      },
      onEvent: (listener) => {
        listeners.push(listener);
      },
    },
  };
};
