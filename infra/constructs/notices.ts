/** What notices go by: a bus of our own for those who build on them, the key under which the secrets of webhooks are sealed, and the schedule of their delivery. */
import { CfnOutput, RemovalPolicy, Stack } from "aws-cdk-lib";
import { EventBus } from "aws-cdk-lib/aws-events";
import { Key } from "aws-cdk-lib/aws-kms";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { deliverSchedule } from "../../lambdas/access/plain-schedules.ts";
import type { DeliverVariables } from "../../lambdas/runtime/environment.ts";
import { Schedule } from "./schedule.ts";

export interface NoticesProps {
  readonly stage: string;
}

/** What the function that delivers is told of these, and may use. */
interface Deliverer {
  readonly variables: Pick<DeliverVariables, "NOTICE_BUS_NAME" | "WEBHOOK_KEY_ARN">;
  readonly eventBus: string;
  readonly secretKey: string;
}

export class Notices extends Construct {
  readonly deliverer: Deliverer;

  constructor(scope: Construct, id: string, { stage }: NoticesProps) {
    super(scope, id);
    // Apart from that to which customers' accounts forward: on this one nobody else may put anything.
    const bus = new EventBus(this, "Bus", { eventBusName: `spot-optimizer-${stage}-notices` });
    const { keyArn } = new Key(this, "WebhookKey", {
      description: "Spot Optimizer: secrets by which webhooks know our notices",
      enableKeyRotation: true,
      // The table is kept too: without the key every secret in it would be lost.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.deliverer = {
      variables: { NOTICE_BUS_NAME: bus.eventBusName, WEBHOOK_KEY_ARN: keyArn },
      eventBus: bus.eventBusArn,
      secretKey: keyArn,
    };
    new CfnOutput(Stack.of(this), "NoticeBusArn", {
      value: bus.eventBusArn,
      description: "Bus on which our own events are, for those who build on them",
    });
  }

  deliverBy(target: IFunction): void {
    const { description, everyMinutes } = deliverSchedule;
    new Schedule(this, "Schedule", { description, everyMinutes, target });
  }
}
