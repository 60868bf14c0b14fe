/** One Lambda with a role of its own that may do what lambdas/access/functions.ts lists for it, and nothing else. */
import { ArnFormat, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  Code,
  Function,
  type IFunction,
  type Version,
  LoggingFormat,
  Runtime,
  Tracing,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Validations } from "aws-cdk-lib";
import { Construct, type IConstruct } from "constructs";
import { stateTableSchema } from "../../adapters/store/schema.ts";
import { functionRows, type FunctionName } from "../../lambdas/access/functions.ts";
import type {
  ApiVariables,
  JanitorVariables,
  BusVariables,
  DeliverVariables,
  StarterVariables,
  StepVariables,
  SweepVariables,
} from "../../lambdas/runtime/environment.ts";
import { customerRoleName } from "../../lambdas/access/customer-role.ts";
import { functionRoleName, functionRolePath } from "../../lambdas/access/role-path.ts";
import { placeIn, type PrivateNetwork } from "./private-network.ts";
import type { NamedTable } from "./state-table.ts";
import { spell, spellPartition } from "./spell-partition.ts";

interface OtherVariables {
  readonly api: ApiVariables;
  readonly "schedule-sweep": SweepVariables;
  readonly "schedule-sweep-place": StarterVariables;
  readonly "schedule-code-janitor": StarterVariables;
  readonly "schedule-janitor": JanitorVariables;
  readonly "schedule-watch-requests": StarterVariables;
  readonly "interruption-open-bus": BusVariables;
  readonly "notice-deliver": DeliverVariables;
}

/** What the function's handler reads at start-up: a variable that is missing here doesn't compile. */
type VariablesOf<Name extends FunctionName> = Name extends keyof OtherVariables
  ? OtherVariables[Name]
  : StepVariables;

export interface StepLambdaProps<Name extends FunctionName = FunctionName> {
  readonly name: Name;
  readonly stage: string;
  /** Folder with one bundle per function, each in a folder of the function's name. */
  readonly bundles: string;
  readonly table: NamedTable;
  /** Part of the function's description, and so of what makes two versions differ. */
  readonly release: string | undefined;
  readonly environment: VariablesOf<Name>;
  /** ARNs of the workflows that it may start, or whose executions it may list. */
  readonly workflows?: readonly string[];
  /** ARN of the event bus whose policy it may write, or on which it may put events. */
  readonly eventBus?: string;
  /** ARN of the key under which it may seal or open secrets. */
  readonly secretKey?: string;
  /** Functions that it may hand events to, or whose published versions it may list and delete. */
  readonly functions?: readonly IFunction[];
  /** In which it stands. Absent: outside of any VPC. */
  readonly network?: PrivateNetwork;
}

interface Size {
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

/**
 * Steps take a second or two; a scrape reads some thirty pages of prices and types. CPU comes with memory: at 512 MB parsing the
 * price pages takes a few seconds.
 */
const usual: Size = { timeoutSeconds: 60, memoryMb: 512 };

/** A place may have thousands of targets, and starts are spread over time. It waits more than it reckons: 1,024 MB are 0.6 of a processor. */
const sizes: Readonly<Partial<Record<FunctionName, Size>>> = {
  "schedule-sweep-place": { timeoutSeconds: 300, memoryMb: 1024 },
  "schedule-preflight-place": { timeoutSeconds: 900, memoryMb: 1024 },
  // All lists of a place, and up to four calls for each candidate.
  "waste-scan-place": { timeoutSeconds: 300, memoryMb: 1024 },
  // All that speaks against it is read again before each step.
  "waste-carry-out": { timeoutSeconds: 300, memoryMb: 1024 },
  // Every place in one run, with all that stands and has ended there.
  "ledger-note-spans": { timeoutSeconds: 300, memoryMb: 1024 },
  "ledger-state-days": { timeoutSeconds: 300, memoryMb: 1024 },
  // Of each minute it waits for half.
  "schedule-watch-requests": { timeoutSeconds: 60, memoryMb: 256 },
  // At most what a message stays hidden (infra/constructs/interruption-events.ts).
  "interruption-receive": { timeoutSeconds: 10, memoryMb: 512 },
};

export class StepLambda<Name extends FunctionName> extends Construct {
  readonly function: Function;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: StepLambdaProps<Name>) {
    super(scope, id);
    const { name, stage } = props;
    const functionName = `spot-optimizer-${stage}-${name}`;
    this.logGroup = new LogGroup(this, "Logs", {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, "Role", {
      roleName: functionRoleName(stage, name),
      path: functionRolePath(stage, functionRows[name]),
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    });
    this.logGroup.grantWrite(role);
    for (const statement of statementsFor(this, props)) role.addToPolicy(statement);
    acknowledgeWildcards(role, stage);
    acknowledgeVersions(
      role,
      functionRows[name].own.includes("lambda:DeleteFunction") ? (props.functions ?? []) : [],
      "It deletes whichever published version no execution needs now, and never a function.",
    );
    const { memoryMb, timeoutSeconds } = sizes[name] ?? usual;
    this.function = new Function(this, "Function", {
      functionName,
      description: `Spot Optimizer${props.release === undefined ? "" : ` ${props.release}`}: ${name}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(`${props.bundles}/${name}`),
      handler: "handler.handler",
      memorySize: memoryMb,
      timeout: Duration.seconds(timeoutSeconds),
      environment: { ...props.environment },
      role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      // An execution that began before a deployment goes on with the code that it began with.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    });
    if (props.network !== undefined) {
      placeIn(props.network, { role, lambda: this.function, functionName });
    }
  }

  /** Its code and settings as they are deployed now, for good. The one before is kept. */
  publish(): Version {
    return this.function.currentVersion;
  }
}

/** How a published version is named, whichever it is. */
export const anyVersionOf = ({ functionArn }: IFunction): string => `${functionArn}:*`;

/** `:*` is narrower than the function: it names its published versions, and not the function itself. */
export const acknowledgeVersions = (
  scope: IConstruct,
  functions: readonly IFunction[],
  reason: string,
): void => {
  for (const each of functions) {
    const named = Stack.of(scope).resolve(each.functionArn) as { "Fn::GetAtt": [string, string] };
    Validations.of(scope).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${named["Fn::GetAtt"].join(".")}>:*]`,
      reason,
    });
  }
};

/** The only wildcards, each with its reason; any other is a finding. */
const acknowledgeWildcards = (role: Role, stage: string): void => {
  const { region, account } = Stack.of(role);
  const place = `${spell(region, "Region")}:${spell(account, "AccountId")}`;
  Validations.of(role).acknowledge(
    {
      id: "AwsSolutions::AwsSolutions-IAM5[Resource::*]",
      reason:
        "X-Ray, EC2's Describe calls and the Price List have no resource-level permissions (service authorization reference).",
    },
    {
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:${spellPartition(role)}:iam::*:role/${customerRoleName}]`,
      reason:
        "Customer accounts are not known when the stack is deployed; the role name is fixed, and each of these roles trusts us only with its own ExternalId.",
    },
    {
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:${spellPartition(role)}:iam::${spell(account, "AccountId")}:role/*]`,
      reason:
        "By which role of our account an approver comes is known when he calls; it is read, and nothing else.",
    },
    {
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:${spellPartition(role)}:states:${place}:execution:spot-optimizer-${stage}-*]`,
      reason:
        "Whether one of our executions runs is read by its name, which is made when it is started.",
    },
  );
};

const allow = (actions: readonly string[], resources: readonly string[]): PolicyStatement =>
  new PolicyStatement({
    effect: Effect.ALLOW,
    actions: [...actions],
    resources: [...resources],
  });

/** Of the workflows of this stage, whatever their mode. */
const executionsOf = (stage: string, scope: Construct): string =>
  Stack.of(scope).formatArn({
    service: "states",
    resource: "execution",
    resourceName: `spot-optimizer-${stage}-*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

const ofWorkflows: ReadonlySet<string> = new Set([
  "states:StartExecution",
  "states:DescribeStateMachine",
  "states:ListExecutions",
]);
const ofExecutions: ReadonlySet<string> = new Set([
  "states:DescribeExecution",
  "states:DescribeStateMachineForExecution",
]);

const ofFunctions: ReadonlySet<string> = new Set([
  "lambda:InvokeFunction",
  "lambda:ListVersionsByFunction",
]);

/** By action. Those of our own account are under whatever path: by which an approver comes is not known beforehand. */
const rolesOf = (scope: Construct): Readonly<Record<string, string>> => {
  const { partition, account } = Stack.of(scope);
  return {
    "sts:AssumeRole": `arn:${partition}:iam::*:role/${customerRoleName}`,
    "iam:GetRole": `arn:${partition}:iam::${account}:role/*`,
  };
};

const given = (resource: string | undefined): readonly string[] =>
  resource === undefined ? [] : [resource];

const resourcesOf = (
  action: string,
  props: StepLambdaProps,
  scope: Construct,
): readonly string[] => {
  const roles = rolesOf(scope)[action];
  if (roles !== undefined) return [roles];
  if (ofWorkflows.has(action)) return props.workflows ?? [];
  if (ofExecutions.has(action)) return [executionsOf(props.stage, scope)];
  const functions = props.functions ?? [];
  if (ofFunctions.has(action)) return functions.map((each) => each.functionArn);
  if (action.startsWith("events:")) return given(props.eventBus);
  if (action.startsWith("kms:")) return given(props.secretKey);
  // With a version behind the name: the function itself is out of reach.
  if (action === "lambda:DeleteFunction") return functions.map(anyVersionOf);
  return ["*"];
};

const statementsFor = (scope: Construct, props: StepLambdaProps): readonly PolicyStatement[] => {
  const { own, table } = functionRows[props.name];
  return [
    ...own.map((action) => allow([action], resourcesOf(action, props, scope))),
    ...(table.length === 0
      ? []
      : [
          allow(table, [
            props.table.tableArn,
            ...stateTableSchema.indexes.map(
              (index) => `${props.table.tableArn}/index/${index.name}`,
            ),
          ]),
        ]),
  ];
};
