/** A Standard workflow from its object, the very one that runs on a laptop, with full logs and X-Ray. */
import { RemovalPolicy, Validations } from "aws-cdk-lib";
import type { Version } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import {
  DefinitionBody,
  LogLevel,
  StateMachine as WorkflowResource,
  StateMachineType,
} from "aws-cdk-lib/aws-stepfunctions";
import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { acknowledgeVersions, anyVersionOf } from "./step-lambda.ts";
import type { StateMachine } from "../../statemachines/asl.ts";

export interface WorkflowProps {
  readonly name: string;
  readonly definition: StateMachine;
  /** By placeholder. The definition names the versions, so that an execution goes on with the code that it began with. */
  readonly functions: Readonly<Record<string, Version>>;
}

export class Workflow extends Construct {
  readonly stateMachine: WorkflowResource;

  constructor(scope: Construct, id: string, props: WorkflowProps) {
    super(scope, id);
    const functions = Object.values(props.functions).map((version) => version.lambda);
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
        // Executions that began before a deployment name the versions before.
        resources: functions.map(anyVersionOf),
      }),
    );
    acknowledgeVersions(
      this.stateMachine.role,
      functions,
      "An execution names the version that was there when it began, and a deployment must not take it away.",
    );
    Validations.of(this.stateMachine.role).acknowledge({
      id: "AwsSolutions::AwsSolutions-IAM5[Resource::*]",
      reason: "X-Ray and CloudWatch log delivery have no resource-level permissions.",
    });
  }
}
