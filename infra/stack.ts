/** Everything that one stage deploys: table, functions, workflow, API, schedules. */
import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { access, functionNames, type FunctionName } from "../lambdas/access.ts";
import { placeholderOf } from "../lambdas/placeholder.ts";
import { linearWorkflow } from "../statemachines/linear.ts";
import { readVersion } from "./version.ts";
import type { Config } from "./config.ts";
import { ControlApi } from "./constructs/control-api.ts";
import { Schedule } from "./constructs/schedule.ts";
import { StateTable } from "./constructs/state-table.ts";
import { functionRoleName, StepLambda } from "./constructs/step-lambda.ts";
import { Workflow } from "./constructs/workflow.ts";

/** Started by others than the workflow. */
const triggers = ["api", "sweep", "janitor"] as const satisfies readonly FunctionName[];
type Trigger = (typeof triggers)[number];

const isTrigger = (name: FunctionName): name is Trigger =>
  (triggers as readonly string[]).includes(name);

const janitorMinutes = 5;

export class SpotOptimizerStack extends Stack {
  readonly #config: Config;
  readonly #state: StateTable;

  constructor(scope: Construct, id: string, props: StackProps & { readonly config: Config }) {
    super(scope, id, {
      ...props,
      description: "Spot Optimizer: moves EC2 capacity to Spot, safely",
      env: {
        ...(props.config.CDK_DEFAULT_ACCOUNT === undefined
          ? {}
          : { account: props.config.CDK_DEFAULT_ACCOUNT }),
        ...(props.config.CDK_DEFAULT_REGION === undefined
          ? {}
          : { region: props.config.CDK_DEFAULT_REGION }),
      },
    });
    this.#config = props.config;
    this.#state = new StateTable(this, "State", this.#config.STAGE);

    const steps = Object.fromEntries(
      functionNames
        .filter((name) => !isTrigger(name))
        .map((name) => [placeholderOf(name), this.#lambda(name)]),
    );
    const linear = new Workflow(this, "Linear", {
      name: `spot-optimizer-${this.#config.STAGE}-linear`,
      definition: linearWorkflow,
      functions: steps,
    });
    this.#triggers(linear.stateMachine.stateMachineArn);
  }

  #triggers(linearArn: string): void {
    const starter = {
      environment: { LINEAR_STATE_MACHINE_ARN: linearArn },
      workflows: [linearArn],
    };
    const api = new ControlApi(this, "ControlApi", {
      stage: this.#config.STAGE,
      handler: this.#lambda("api", {
        ...starter,
        environment: { ...starter.environment, ...this.#apiEnvironment() },
      }),
    });
    new Schedule(this, "SweepSchedule", {
      description: "Starts evaluations for targets that are due",
      everyMinutes: this.#config.SWEEP_MINUTES,
      target: this.#lambda("sweep", starter),
    });
    new Schedule(this, "JanitorSchedule", {
      description:
        "Terminates originals after their cool-off, and deletes images that have expired",
      everyMinutes: janitorMinutes,
      target: this.#lambda("janitor"),
    });
    new CfnOutput(this, "ApiUrl", { value: api.url, description: "Base URL of the control API" });
    new CfnOutput(this, "LinearWorkflowArn", { value: linearArn });
  }

  #apiEnvironment(): Readonly<Record<string, string>> {
    const trusted = functionNames
      .filter((name) => access[name].own.includes("sts:AssumeRole"))
      .map(
        (name) =>
          `arn:${this.partition}:iam::${this.account}:role/${functionRoleName(this.#config.STAGE, name)}`,
      );
    return {
      OWN_ACCOUNT_ID: this.account,
      PRODUCT_VERSION: readVersion(),
      TRUSTED_PRINCIPAL_ARNS: trusted.join(","),
    };
  }

  #lambda(
    name: FunctionName,
    extra: {
      readonly environment?: Readonly<Record<string, string>>;
      readonly workflows?: readonly string[];
    } = {},
  ): IFunction {
    return new StepLambda(this, placeholderOf(name), {
      name,
      stage: this.#config.STAGE,
      table: this.#state.table,
      environment: {
        TABLE_NAME: this.#state.table.tableName,
        ADVISOR_FEED_URL: this.#config.ADVISOR_FEED_URL,
        ...extra.environment,
      },
      ...(extra.workflows === undefined ? {} : { workflows: extra.workflows }),
    }).function;
  }
}
