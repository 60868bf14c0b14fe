/** Everything that one stage deploys: table, functions, workflow, API, schedules. */
import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import {
  functionNames,
  functionRows,
  isStepName,
  type FunctionName,
  type StepName,
} from "../lambdas/access/functions.ts";
import { placeholderOf } from "../lambdas/access/placeholder.ts";
import { plainSchedules, watchSchedule } from "../lambdas/access/plain-schedules.ts";
import { trustedRolePattern } from "../lambdas/access/role-path.ts";
import type {
  ApiVariables,
  StarterVariables,
  StepVariables,
} from "../lambdas/runtime/environment.ts";
import {
  placeholdersIn,
  workflowName,
  workflows,
  type WorkflowMode,
} from "../statemachines/workflows.ts";
import {
  haltedAccounts,
  noticesUndelivered,
  toldAlarms,
  unrecoveredLoads,
  untoldLosses,
  type TellingAlarm,
} from "./told-alarms.ts";
import { readVersion } from "./version.ts";
import type { Config } from "./config.ts";
import { alarm, linesWith } from "./constructs/alarms.ts";
import { ControlApi } from "./constructs/control-api.ts";
import { HandedOn } from "./constructs/handed-on.ts";
import { InterruptionEvents } from "./constructs/interruption-events.ts";
import { Notices } from "./constructs/notices.ts";
import { Operations } from "./constructs/operations.ts";
import { Schedule } from "./constructs/schedule.ts";
import { StateTable } from "./constructs/state-table.ts";
import { StepLambda, type StepLambdaProps } from "./constructs/step-lambda.ts";
import { Workflow } from "./constructs/workflow.ts";

const janitorMinutes = 5;
const dailyMinutes = 24 * 60;
/** Who asked for a preflight looks for it by then. */
const preflightAgeMinutes = 60;

const asksClusters = (name: FunctionName): boolean =>
  functionRows[name].room === "kubernetes" || name === "schedule-restore-marks";
/** An account that is connected applies its template minutes later, and then its events are let in. */
const openBusMinutes = 5;

type WorkflowArns = Readonly<Record<WorkflowMode, string>>;

/** `Linear`: names its resources and outputs. */
const idOf = (mode: string): string => mode.charAt(0) + mode.slice(1).toLowerCase();

export interface SpotOptimizerStackProps extends StackProps {
  readonly config: Config;
  /** Where `npm run synth` puts the bundles; one folder per function. */
  readonly bundles: string;
}

export class SpotOptimizerStack extends Stack {
  readonly #props: SpotOptimizerStackProps;
  readonly #state: StateTable;
  readonly #handedOn: HandedOn;
  readonly #notices: Notices;

  constructor(scope: Construct, id: string, props: SpotOptimizerStackProps) {
    const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = props.config;
    super(scope, id, {
      description: "Spot Optimizer: moves EC2 capacity to Spot, safely",
      // Originals that are stopped and capacity that is held would be known to nobody: docs/operations.md, The product is removed.
      terminationProtection: true,
      env: {
        ...(account === undefined ? {} : { account }),
        ...(region === undefined ? {} : { region }),
      },
    });
    this.#props = props;
    this.#state = new StateTable(this, "State", props.config);
    this.#handedOn = new HandedOn(this, "HandedOn", { stage: props.config.STAGE });

    this.#notices = new Notices(this, "Notices", { stage: props.config.STAGE });

    const steps = functionNames
      .filter(isStepName)
      .map((name) => this.#lambda({ name, environment: this.#stepVariables() }));
    const arns = this.#workflows(steps);
    this.#triggers(arns, this.#interruptions(arns));
    this.#codeJanitor(arns, steps);
  }

  /** ARN of the bus. */
  #interruptions(arns: WorkflowArns): string {
    const events = new InterruptionEvents(this, "Events", { stage: this.#props.config.STAGE });
    const receiver = this.#lambda({
      name: "interruption-receive",
      environment: this.#starterVariables(arns),
      workflows: Object.values(arns),
    });
    events.deliverTo(receiver.function);
    new Schedule(this, "OpenBusSchedule", {
      description:
        "Lets the events of the accounts that are connected onto our bus, and of no others",
      everyMinutes: openBusMinutes,
      target: this.#lambda({
        name: "interruption-open-bus",
        environment: { ...this.#stepVariables(), EVENT_BUS_NAME: events.bus.eventBusName },
        eventBus: events.bus.eventBusArn,
      }).function,
    });
    return events.bus.eventBusArn;
  }

  /** ARNs by mode. */
  #workflows(steps: readonly StepLambda<StepName>[]): WorkflowArns {
    const versions = new Map(steps.map((step) => [step.node.id, step.publish()]));
    const arnOf = (mode: WorkflowMode): string => {
      const definition = workflows[mode];
      const functions = Object.fromEntries(
        placeholdersIn(definition).map((placeholder) => {
          const version = versions.get(placeholder);
          if (version === undefined) throw new Error(`No function is called ${placeholder}.`);
          return [placeholder, version];
        }),
      );
      const name = `spot-optimizer-${this.#props.config.STAGE}-${workflowName(mode)}`;
      const { stateMachine } = new Workflow(this, idOf(mode), { name, definition, functions });
      return stateMachine.stateMachineArn;
    };
    return {
      LINEAR: arnOf("LINEAR"),
      CLUSTER: arnOf("CLUSTER"),
      KUBERNETES: arnOf("KUBERNETES"),
    };
  }

  #codeJanitor(arns: WorkflowArns, steps: readonly StepLambda<StepName>[]): void {
    const { function: target } = this.#lambda({
      name: "schedule-code-janitor",
      environment: this.#starterVariables(arns),
      workflows: Object.values(arns),
      functions: steps.map((step) => step.function),
    });
    new Schedule(this, "CodeJanitorSchedule", {
      description: "Deletes versions of the workflows' functions that no execution needs now",
      everyMinutes: dailyMinutes,
      target,
    });
  }

  #triggers(arns: WorkflowArns, eventBusArn: string): void {
    const variables = this.#starterVariables(arns);
    const startable = Object.values(arns);
    const preflightPlace = this.#lambda({
      name: "schedule-preflight-place",
      environment: this.#stepVariables(),
    }).function;
    // It judges anew, under a lease, and writes over what it wrote.
    this.#handedOn.keepEventsOf(preflightPlace, { retries: 1, maxAgeMinutes: preflightAgeMinutes });
    const api = new ControlApi(this, "ControlApi", {
      stage: this.#props.config.STAGE,
      handler: this.#lambda({
        name: "api",
        environment: {
          ...variables,
          ...this.#apiVariables(),
          PREFLIGHT_PLACE_FUNCTION_ARN: preflightPlace.functionArn,
          EVENT_BUS_ARN: eventBusArn,
          WEBHOOK_KEY_ARN: this.#notices.deliverer.secretKey,
        },
        secretKey: this.#notices.deliverer.secretKey,
        workflows: startable,
        functions: [preflightPlace],
      }).function,
    });
    this.#sweep(variables, startable);
    this.#janitor();
    this.#plainSchedules();
    this.#deliverNotices(api.url);
    this.#operations(startable);
    new CfnOutput(this, "ApiUrl", { value: api.url, description: "Base URL of the control API" });
    for (const [mode, value] of Object.entries(arns)) {
      new CfnOutput(this, `${idOf(mode)}WorkflowArn`, { value });
    }
  }

  #deliverNotices(apiUrl: string): void {
    const { variables, ...may } = this.#notices.deliverer;
    const environment = { ...this.#stepVariables(), ...variables, API_URL: apiUrl };
    const deliverer = this.#lambda({ name: "notice-deliver", environment, ...may });
    this.#notices.deliverBy(deliverer.function);
    this.#alarmOfLines(deliverer, noticesUndelivered);
  }

  #operations(workflows: readonly string[]): void {
    const { STAGE: stage, SWEEP_MINUTES: sweepMinutes } = this.#props.config;
    const environment = this.#stepVariables();
    const { function: measure } = this.#lambda({ name: "schedule-measure", environment });
    new Operations(this, "Operations", { stage, sweepMinutes, measure, workflows });
  }

  #plainSchedules(): void {
    for (const { name, everyMinutes, description } of plainSchedules) {
      const step = this.#lambda({ name, environment: this.#stepVariables() });
      const id = `${placeholderOf(name).replace(/^Schedule/, "")}Schedule`;
      new Schedule(this, id, { description, everyMinutes, target: step.function });
      const told = toldAlarms[name];
      if (told !== undefined) this.#alarmOfLines(step, told);
    }
  }

  #janitor(): void {
    const markRestorer = this.#lambda({
      name: "schedule-restore-marks",
      environment: this.#stepVariables(),
    }).function;
    // What was not restored is handed on again.
    this.#handedOn.keepEventsOf(markRestorer, { retries: 0, maxAgeMinutes: janitorMinutes });
    new Schedule(this, "JanitorSchedule", {
      description:
        "Terminates originals after their cool-off, and deletes images that have expired",
      everyMinutes: janitorMinutes,
      target: this.#lambda({
        name: "schedule-janitor",
        environment: {
          ...this.#stepVariables(),
          RESTORE_MARKS_FUNCTION_ARN: markRestorer.functionArn,
        },
        functions: [markRestorer],
      }).function,
    });
  }

  #sweep(variables: StarterVariables, workflows: readonly string[]): void {
    const everyMinutes = this.#props.config.SWEEP_MINUTES;
    const starter = { environment: variables, workflows };
    const sweepPlace = this.#lambda({ name: "schedule-sweep-place", ...starter });
    const { name, ...watch } = watchSchedule;
    const target = this.#lambda({ name, ...starter }).function;
    new Schedule(this, "WatchRequestsSchedule", { ...watch, target });
    this.#alarmOfLines(sweepPlace, untoldLosses);
    this.#alarmOfLines(sweepPlace, unrecoveredLoads);
    const placeSweeper = sweepPlace.function;
    // A place that was not swept is swept next time; one that is swept late would be swept twice.
    this.#handedOn.keepEventsOf(placeSweeper, { retries: 0, maxAgeMinutes: everyMinutes });
    const sweep = this.#lambda({
      name: "schedule-sweep",
      environment: { ...variables, SWEEP_PLACE_FUNCTION_ARN: placeSweeper.functionArn },
      functions: [placeSweeper],
    });
    new Schedule(this, "SweepSchedule", {
      description: "Sweeps each account and region that is to be looked at",
      everyMinutes,
      target: sweep.function,
    });
    this.#alarmOfLines(sweep, haltedAccounts);
  }

  /** Of what a sweep has told once: rings from the first of its lines with that key. */
  #alarmOfLines(
    { logGroup }: StepLambda<FunctionName>,
    { id, metricName, ...told }: TellingAlarm,
  ): void {
    const { description, key } = told;
    const everyMinutes = this.#props.config.SWEEP_MINUTES;
    const stage = this.#props.config.STAGE;
    alarm(this, id, {
      description,
      metric: linesWith(this, metricName, { stage, logGroup, metricName, key, everyMinutes }),
      atLeast: 1,
    });
  }

  #starterVariables(arns: WorkflowArns): StarterVariables {
    return {
      ...this.#stepVariables(),
      LINEAR_STATE_MACHINE_ARN: arns.LINEAR,
      CLUSTER_STATE_MACHINE_ARN: arns.CLUSTER,
      KUBERNETES_STATE_MACHINE_ARN: arns.KUBERNETES,
    };
  }

  #stepVariables(): StepVariables {
    return {
      TABLE_NAME: this.#state.table.tableName,
      ADVISOR_FEED_URL: this.#props.config.ADVISOR_FEED_URL,
      METRICS_NAMESPACE: `SpotOptimizer/${this.#props.config.STAGE}`,
    };
  }

  #apiVariables(): Pick<
    ApiVariables,
    "OWN_ACCOUNT_ID" | "PRODUCT_VERSION" | "TRUSTED_ROLE_PATTERN"
  > {
    const { partition, account: accountId } = this;
    const stage = this.#props.config.STAGE;
    return {
      OWN_ACCOUNT_ID: accountId,
      PRODUCT_VERSION: readVersion(),
      TRUSTED_ROLE_PATTERN: trustedRolePattern({ partition, accountId, stage }),
    };
  }

  #lambda<Name extends FunctionName>(
    props: Pick<
      StepLambdaProps<Name>,
      "name" | "environment" | "workflows" | "functions" | "eventBus" | "secretKey"
    >,
  ): StepLambda<Name> {
    return new StepLambda<Name>(this, placeholderOf(props.name), {
      ...props,
      stage: this.#props.config.STAGE,
      bundles: this.#props.bundles,
      table: this.#state.table,
      release: this.#props.config.RELEASE,
      ...this.#networkOf(props.name),
    });
  }

  /** Those that ask clusters alone talk to what may have no public address. */
  #networkOf(name: FunctionName): Pick<StepLambdaProps, "network"> {
    const { KUBERNETES_SUBNET_IDS: subnetIds, KUBERNETES_SECURITY_GROUP_IDS: securityGroupIds } =
      this.#props.config;
    return asksClusters(name) && subnetIds.length > 0
      ? { network: { subnetIds, securityGroupIds } }
      : {};
  }
}
