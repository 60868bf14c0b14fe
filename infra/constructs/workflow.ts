/** A Standard workflow from its object, the very one that runs on a laptop, with full logs and X-Ray. */
import { RemovalPolicy, Validations } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import {
  DefinitionBody,
  LogLevel,
  StateMachine as WorkflowResource,
  StateMachineType,
} from "aws-cdk-lib/aws-stepfunctions";
import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { StateMachine } from "../../statemachines/asl.ts";

export interface WorkflowProps {
  readonly name: string;
  readonly definition: StateMachine;
  /** By placeholder. */
  readonly functions: Readonly<Record<string, IFunction>>;
}

export class Workflow extends Construct {
  readonly stateMachine: WorkflowResource;

  constructor(scope: Construct, id: string, props: WorkflowProps) {
    super(scope, id);
    const arns = Object.fromEntries(
      Object.entries(props.functions).map(([placeholder, { functionArn }]) => [
        placeholder,
        functionArn,
      ]),
    );
    this.stateMachine = new WorkflowResource(this, "StateMachine", {
      stateMachineName: props.name,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(JSON.stringify(props.definition)),
      definitionSubstitutions: arns,
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, "Logs", {
          logGroupName: `/aws/vendedlogs/states/${props.name}`,
          retention: RetentionDays.THREE_MONTHS,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: true,
      },
    });
    this.stateMachine.addToRolePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ["lambda:InvokeFunction"],
        resources: Object.values(arns),
      }),
    );
    Validations.of(this.stateMachine.role).acknowledge({
      id: "AwsSolutions::AwsSolutions-IAM5[Resource::*]",
      reason: "X-Ray and CloudWatch log delivery have no resource-level permissions.",
    });
  }
}
