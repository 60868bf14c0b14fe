/** What happens to the machines: interruptions, checks that fail, applications that do not answer, capacity that is gone. */
import type { Lab } from "../lab/contract.ts";
import type { InstanceSummary } from "../cloud/ec2/control-reads.ts";
import { CloudError } from "../cloud/contract.ts";
import { oneOf, type Random } from "../cloud/random.ts";
import { eachTimeItBegins } from "../lab/scenarios.ts";
import { afterCall, type Disturbance, type Kind } from "./disturbance.ts";

const minuteMs = 60_000;

const runningReplacement = (lab: Lab): InstanceSummary | undefined => {
  const replacement = lab.replacement();
  return replacement?.state === "running" ? replacement : undefined;
};

const interrupt = (noticeSeconds: number): Kind =>
  afterCall(
    noticeSeconds === 0 ? "the replacement is interrupted" : "the replacement gets its notice",
    ({ lab }) => {
      const replacement = runningReplacement(lab);
      if (replacement === undefined) return;
      lab.watch.excuse("replacement");
      lab.control.interrupt(replacement.instanceId, { noticeSeconds });
    },
  );

const failingChecks = afterCall("the replacement fails its checks", ({ lab }, random) => {
  const replacement = runningReplacement(lab);
  if (replacement === undefined) return;
  lab.watch.excuse("replacement");
  const check = oneOf(random, ["system", "instance", "attachedEbs"] as const);
  lab.control.failChecks(({ id }) => id === replacement.instanceId, check);
});

/** Its target is unhealthy for a while, and healthy again. */
const flapping = afterCall(
  "the replacement does not answer its load balancer for a while",
  ({ lab, forgive }, random) => {
    const replacement = runningReplacement(lab);
    if (replacement === undefined) return;
    lab.watch.excuse("load balancer");
    // Once the switch is made.
    forgive(/is unhealthy in the target group$/);
    const { elb } = lab.platform;
    elb.setApplicationHealthy(replacement.instanceId, false);
    lab.clock.schedule(lab.clock.now() + random.integer(1, 20) * minuteMs, () => {
      elb.setApplicationHealthy(replacement.instanceId, true);
    });
  },
);

const flappingOriginal = afterCall(
  "the original does not answer its load balancer for a while",
  ({ lab }, random) => {
    lab.watch.excuse("load balancer");
    const { elb } = lab.platform;
    elb.setApplicationHealthy(lab.originalId, false);
    lab.clock.schedule(lab.clock.now() + random.integer(1, 20) * minuteMs, () => {
      elb.setApplicationHealthy(lab.originalId, true);
    });
  },
);

/** What others have bought meanwhile: an original that is stopped then can't start. */
const onDemandGone: Kind = (random) => {
  const minutes = random.integer(2, 90);
  return afterCall(
    `the original's On-Demand pool is empty for ${String(minutes)} minutes`,
    ({ lab }) => {
      const original = lab.control.find(lab.originalId);
      if (original === undefined) return;
      const { zoneId, instanceType } = original;
      const pool = { zoneId, instanceType, purchase: "on-demand" } as const;
      lab.control.setCapacity(pool, 0);
      lab.clock.schedule(lab.clock.now() + minutes * minuteMs, () => {
        lab.control.setCapacity(pool, undefined);
      });
    },
  )(random);
};

/** Of a way back: EC2 takes the Spot Instance before we give it up. */
export const originalIsTaken: Kind = (random) => {
  const noticeSeconds = oneOf(random, [0, 120]);
  return afterCall("the Spot Instance that goes back is interrupted", ({ lab, forgive }) => {
    lab.watch.excuse("original");
    // Where it had all back already.
    forgive(/the original is (terminated|shutting-down|gone)$|stays behind the original$/);
    lab.control.interrupt(lab.originalId, { noticeSeconds });
  })(random);
};

/** Of a way back with data: the volume that the Spot Instance leaves is not taken as a root, and an image of it must do. */
export const volumeIsRefused: Disturbance = {
  sentence: "EC2 makes no volume that is there a root",
  begin: ({ lab }) => {
    lab.platform.cloud.faults.before(({ operation, input }) => {
      if (operation !== "CreateReplaceRootVolumeTask") return;
      if (!("VolumeId" in (input as object))) return;
      throw new CloudError("UnsupportedOperation", "Not with a volume that is there.");
    });
  },
};

const untilIdentityMoves = [
  "linear-move-root",
  "linear-prepare-image",
  "linear-replace-root",
  "linear-launch",
  "linear-await-healthy",
] as const;

/** Of a way back with data: what is to take the place of the Spot Instance is gone when that has ended. */
export const hostIsLost = (random: Random): Disturbance => {
  const step = oneOf(random, untilIdentityMoves);
  return {
    sentence: `the host is lost when ${step} begins after the end of the Spot Instance`,
    begin: ({ lab }) => {
      let isDone = false;
      eachTimeItBegins(lab, step, () => {
        const host = runningReplacement(lab);
        const isEnded = lab.control.find(lab.originalId)?.state === "terminated";
        if (isDone || !isEnded || host === undefined) return;
        isDone = true;
        lab.watch.excuse("replacement");
        lab.control.terminateByOwner(host.instanceId);
      });
    },
  };
};

export const misfortunes: readonly Kind[] = [
  interrupt(120),
  interrupt(0),
  failingChecks,
  flapping,
  flappingOriginal,
  onDemandGone,
];
