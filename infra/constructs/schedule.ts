/** Calls a function every so many minutes. A run that fails is followed by the next: no queue is kept. */
import { Duration } from "aws-cdk-lib";
import { Rule, Schedule as RuleSchedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";

export interface ScheduleProps {
  readonly description: string;
  readonly everyMinutes: number;
  readonly target: IFunction;
}

export class Schedule extends Construct {
  constructor(scope: Construct, id: string, { description, everyMinutes, target }: ScheduleProps) {
    super(scope, id);
    new Rule(this, "Rule", {
      description,
      schedule: RuleSchedule.rate(Duration.minutes(everyMinutes)),
      targets: [
        new LambdaFunction(target, {
          retryAttempts: 1,
          maxEventAge: Duration.minutes(everyMinutes),
        }),
      ],
    });
  }
}
