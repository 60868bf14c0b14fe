import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import * as z from "zod";
import {
  functionNames,
  functionRows,
  isStepName,
  type FunctionName,
} from "../../lambdas/access/functions.ts";
import { measureNames } from "../../core/model/measure.ts";
import { measuredAlarms } from "../../infra/measured-alarms.ts";
import { placeholderOf } from "../../lambdas/access/placeholder.ts";
import { readTrustedRolePattern } from "../../lambdas/access/role-path.ts";
import {
  apiEnvironmentSchema,
  janitorEnvironmentSchema,
  busEnvironmentSchema,
  deliverEnvironmentSchema,
  starterEnvironmentSchema,
  sweepEnvironmentSchema,
  stepEnvironmentSchema,
} from "../../lambdas/runtime/environment.ts";
import {
  placeholdersIn,
  workflowName,
  workflows,
  type WorkflowMode,
} from "../../statemachines/workflows.ts";
import { pipelineModeSchema } from "../../core/model/pipeline-mode.ts";
import { resourcesOf, synthesise, templateOf, type Resource } from "./synthesised.ts";

const { template, nag, isProtected } = synthesise();

const only = (resources: Readonly<Record<string, Resource>>): readonly [string, Resource] => {
  const [entry, ...others] = Object.entries(resources);
  if (entry === undefined || others.length > 0) {
    throw new Error(`One resource was expected, not ${String(Object.keys(resources).length)}.`);
  }
  return entry;
};

/** The name of what `{ "Fn::GetAtt": [name, "Arn"] }` or `{ Ref: name }` refers to. */
const referred = z.union([
  z.object({ Ref: z.string() }).transform(({ Ref }) => Ref),
  z
    .object({ "Fn::GetAtt": z.tuple([z.string(), z.string()]) })
    .transform((value) => value["Fn::GetAtt"][0]),
]);

/** The function's name of `<function>:*`, whichever version that is. */
const versionsOfOne = z
  .object({ "Fn::Join": z.tuple([z.literal(""), z.tuple([referred, z.literal(":*")])]) })
  .transform((value) => value["Fn::Join"][1][0]);

const oneOrMore = <Item extends z.ZodType>(item: Item) =>
  z.union([z.array(item), item.transform((value) => [value])]);

const policySchema = z.object({
  PolicyDocument: z.object({
    Statement: z.array(
      z.object({
        Effect: z.literal("Allow"),
        Action: oneOrMore(z.string()),
        Resource: z.unknown(),
        Condition: z.undefined().optional(),
      }),
    ),
  }),
  Roles: z.array(referred),
});

/** What exceeds IAM's size of a role's own policies, CDK puts into a managed one, which the role names. */
const namingManaged = (logicalId: string): readonly string[] =>
  Object.entries(resourcesOf(template, "AWS::IAM::Role"))
    .filter(([, { Properties }]) =>
      JSON.stringify(Properties["ManagedPolicyArns"] ?? []).includes(`"${logicalId}"`),
    )
    .map(([role]) => role);

const policies = [
  ...Object.values(resourcesOf(template, "AWS::IAM::Policy")).map((policy) =>
    policySchema.parse(policy.Properties),
  ),
  ...Object.entries(resourcesOf(template, "AWS::IAM::ManagedPolicy")).map(
    ([logicalId, { Properties }]) => {
      const Roles = [
        ...z
          .array(referred)
          .parse(Properties["Roles"] ?? [])
          .map((name) => ({ Ref: name })),
        ...namingManaged(logicalId).map((name) => ({ Ref: name })),
      ];
      return policySchema.parse({ ...Properties, Roles });
    },
  ),
];

const functionSchema = z.object({
  FunctionName: z.string(),
  Role: referred,
  Timeout: z.number(),
  MemorySize: z.number(),
  Runtime: z.string(),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
  TracingConfig: z.object({ Mode: z.string() }),
  LoggingConfig: z.object({ LogFormat: z.string(), LogGroup: referred }),
});

const functions = Object.entries(resourcesOf(template, "AWS::Lambda::Function")).map(
  ([logicalId, { Properties }]) => ({ logicalId, ...functionSchema.parse(Properties) }),
);

const functionOf = (name: FunctionName): (typeof functions)[number] => {
  const found = functions.find(
    ({ FunctionName }) => FunctionName === `spot-optimizer-prod-${name}`,
  );
  if (found === undefined) throw new Error(`${name} is not deployed.`);
  return found;
};

/** Called by a workflow. */
const isStep = ({ FunctionName }: (typeof functions)[number]): boolean =>
  functionNames.some((name) => isStepName(name) && FunctionName === `spot-optimizer-prod-${name}`);

const statementsOf = (role: string) =>
  policies
    .filter(({ Roles }) => Roles.includes(role))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

const names = functionNames.map((name) => ({ name }));

const roleSchema = z.object({ RoleName: z.string().optional(), Path: z.string().default("/") });
const roles = Object.entries(resourcesOf(template, "AWS::IAM::Role")).map(
  ([logicalId, { Properties }]) => ({ logicalId, ...roleSchema.parse(Properties) }),
);

/** What Lambda does for a function whose events a queue brings (Lambda developer guide, "Using Lambda with Amazon SQS"). */
const readsQueue = [
  "sqs:ChangeMessageVisibility",
  "sqs:DeleteMessage",
  "sqs:GetQueueAttributes",
  "sqs:GetQueueUrl",
  "sqs:ReceiveMessage",
];

describe("functions", () => {
  it("are those of the access list, and no others", () => {
    expect(functions.map(({ FunctionName }) => FunctionName).sort()).toEqual(
      functionNames.map((name) => `spot-optimizer-prod-${name}`).sort(),
    );
  });

  it("have a role each", () => {
    expect(new Set(functions.map(({ Role }) => Role)).size).toBe(functions.length);
  });

  const handedOn = ["schedule-sweep-place", "schedule-preflight-place", "schedule-restore-marks"];

  /** Lambda itself puts events that were not dealt with into their queue, by the function's role. */
  const keepingEvents: readonly string[] = [
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:SendMessage",
  ];

  it.each(names)(
    "$name may do what it was granted, write its logs and traces, no more",
    ({ name }) => {
      const granted = statementsOf(functionOf(name).Role).flatMap(({ Action }) => Action);
      expect(granted.sort()).toEqual(
        [
          ...functionRows[name].own,
          ...functionRows[name].table,
          ...(handedOn.includes(name) ? keepingEvents : []),
          ...(name === "interruption-receive" ? readsQueue : []),
          "logs:CreateLogStream",
          "logs:PutLogEvents",
          "xray:PutTelemetryRecords",
          "xray:PutTraceSegments",
        ].sort(),
      );
    },
  );

  it.each(names)("$name may assume the customers' role only, if any", ({ name }) => {
    const assuming = statementsOf(functionOf(name).Role).filter(({ Action }) =>
      Action.includes("sts:AssumeRole"),
    );
    for (const { Resource } of assuming) {
      expect(JSON.stringify(Resource)).toMatch(/:iam::\*:role\/SpotOptimizerRole"/);
    }
    expect(assuming.length).toBe(functionRows[name].own.includes("sts:AssumeRole") ? 1 : 0);
  });

  it.each(names)("$name may read roles of our own account alone, if any", ({ name }) => {
    const reading = statementsOf(functionOf(name).Role).filter(({ Action }) =>
      Action.includes("iam:GetRole"),
    );
    expect(reading).toHaveLength(name === "api" ? 1 : 0);
    for (const { Resource } of reading) {
      expect(JSON.stringify(Resource)).toMatch(/:iam::",\{"Ref":"AWS::AccountId"\},":role\/\*"/);
    }
  });

  it("stand under the customer path if they may assume customers' roles, and no other role does", () => {
    const assuming = roles
      .filter(({ logicalId }) =>
        statementsOf(logicalId).some(({ Action }) => Action.includes("sts:AssumeRole")),
      )
      .map(({ logicalId }) => logicalId);
    const under = (path: string): readonly string[] =>
      roles.filter(({ Path }) => Path === path).map(({ logicalId }) => logicalId);
    const ofFunctions = functions.map(({ Role }) => Role);
    expect(assuming.length).toBeGreaterThan(0);
    expect(under("/spot-optimizer/prod/customer/")).toEqual(assuming);
    expect(under("/spot-optimizer/prod/own/").toSorted()).toEqual(
      ofFunctions.filter((role) => !assuming.includes(role)).sort(),
    );
  });

  it.each(names)("$name has a role of the function's own name", ({ name }) => {
    const role = roles.find(({ logicalId }) => logicalId === functionOf(name).Role);
    expect(role?.RoleName).toBe(`spot-optimizer-prod-${name}`);
  });

  it.each(names)("$name writes JSON logs to a group of its own, and traces", ({ name }) => {
    const { LoggingConfig, TracingConfig, Runtime } = functionOf(name);
    expect(LoggingConfig.LogFormat).toBe("JSON");
    expect(Object.keys(resourcesOf(template, "AWS::Logs::LogGroup"))).toContain(
      LoggingConfig.LogGroup,
    );
    expect(TracingConfig.Mode).toBe("Active");
    expect(Runtime).toBe("nodejs24.x");
  });

  it.each(names)("$name is given every variable that it reads, and no other", ({ name }) => {
    const schemas = new Map<FunctionName, z.ZodObject>([
      ["api", apiEnvironmentSchema],
      ["schedule-sweep", sweepEnvironmentSchema],
      ["schedule-janitor", janitorEnvironmentSchema],
      ["schedule-sweep-place", starterEnvironmentSchema],
      ["schedule-code-janitor", starterEnvironmentSchema],
      ["schedule-watch-requests", starterEnvironmentSchema],
      ["interruption-open-bus", busEnvironmentSchema],
      ["notice-deliver", deliverEnvironmentSchema],
      ["interruption-receive", starterEnvironmentSchema],
    ]);
    const schema = schemas.get(name) ?? stepEnvironmentSchema;
    const ofNoWorkflow = pipelineModeSchema.options
      .filter((mode) => !Object.hasOwn(workflows, mode))
      .map((mode) => `${mode}_STATE_MACHINE_ARN`);
    expect(Object.keys(functionOf(name).Environment.Variables).sort()).toEqual(
      Object.keys(schema.shape)
        .filter((key) => key !== "AWS_REGION" && !ofNoWorkflow.includes(key))
        .sort(),
    );
  });
});

const stateMachines = Object.values(resourcesOf(template, "AWS::StepFunctions::StateMachine")).map(
  ({ Properties }) =>
    z
      .object({
        StateMachineName: z.string(),
        DefinitionString: z.string(),
        DefinitionSubstitutions: z.record(z.string(), referred),
        RoleArn: referred,
      })
      .parse(Properties),
);

const steps = functionNames.filter(isStepName);
const versions = resourcesOf(template, "AWS::Lambda::Version");

const namesOfFunctions = (logicalIds: readonly string[]): readonly string[] =>
  logicalIds
    .map((logicalId) => functions.find((one) => one.logicalId === logicalId)?.FunctionName ?? "?")
    .sort();

describe.each(Object.keys(workflows) as WorkflowMode[])("workflow %s", (mode) => {
  const definition = workflows[mode];
  const name = `spot-optimizer-prod-${workflowName(mode)}`;
  const found = stateMachines.find(({ StateMachineName }) => StateMachineName === name);
  if (found === undefined) throw new Error(`${name} is not deployed.`);
  const used = steps.filter((step) => placeholdersIn(definition).includes(placeholderOf(step)));

  it("is the object that runs on the laptop, to the letter", () => {
    expect(JSON.parse(found.DefinitionString)).toEqual(JSON.parse(JSON.stringify(definition)));
  });

  it("names the published version of the function of each placeholder, and no other function", () => {
    const named = Object.entries(found.DefinitionSubstitutions).map(([placeholder, version]) => {
      const { FunctionName } = z
        .object({ FunctionName: referred })
        .parse(versions[version]?.Properties);
      return [placeholder, FunctionName];
    });
    expect(Object.fromEntries(named)).toEqual(
      Object.fromEntries(used.map((step) => [placeholderOf(step), functionOf(step).logicalId])),
    );
  });

  it("may call any version of its own functions, and nothing else", () => {
    const [invoke, ...others] = statementsOf(found.RoleArn).filter(({ Action }) =>
      Action.includes("lambda:InvokeFunction"),
    );
    expect(others).toEqual([]);
    expect(namesOfFunctions(z.array(versionsOfOne).parse(invoke?.Resource))).toEqual(
      used.map((step) => functionOf(step).FunctionName).sort(),
    );
  });

  it("gives each function time to answer before the state times out", () => {
    for (const state of Object.values(definition.States)) {
      if (state.Type !== "Task") continue;
      for (const { Timeout } of functions.filter(isStep)) {
        expect(Timeout).toBeLessThan(state.TimeoutSeconds);
      }
    }
  });
});

describe("workflows", () => {
  it("are deployed for each mode that has one, Standard, traced, and log everything", () => {
    expect(stateMachines).toHaveLength(Object.keys(workflows).length);
    template.allResourcesProperties("AWS::StepFunctions::StateMachine", {
      StateMachineType: "STANDARD",
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: "ALL", IncludeExecutionData: true },
    });
  });

  it("leave the versions before where they are: an execution may name them", () => {
    expect(Object.keys(versions)).toHaveLength(steps.length);
    for (const { DeletionPolicy } of Object.values(versions)) expect(DeletionPolicy).toBe("Retain");
  });

  it("have a janitor of their code that can delete versions of their functions, and no function", () => {
    const statements = statementsOf(functionOf("schedule-code-janitor").Role);
    const [deleting, ...others] = statements.filter(({ Action }) =>
      Action.some((action) => action.startsWith("lambda:Delete")),
    );
    expect(others).toEqual([]);
    expect(deleting?.Action).toEqual(["lambda:DeleteFunction"]);
    expect(z.array(versionsOfOne).parse(deleting?.Resource).sort()).toEqual(
      steps.map((name) => functionOf(name).logicalId).sort(),
    );
  });

  it("publish the same code anew under another release: one that failed has left its versions", () => {
    const again = Object.keys(resourcesOf(templateOf({ RELEASE: "2" }), "AWS::Lambda::Version"));
    expect(again).toHaveLength(steps.length);
    expect(again.filter((version) => Object.hasOwn(versions, version))).toEqual([]);
  });

  it("publish a version of the functions that changed, and of no other", () => {
    const another = templateOf({ ADVISOR_FEED_URL: "https://feed.example.com/a.json" });
    const after = Object.keys(resourcesOf(another, "AWS::Lambda::Version"));
    // Each function is told where the feed is.
    expect(after).toHaveLength(steps.length);
    expect(after.filter((version) => Object.hasOwn(versions, version))).toEqual([]);
    expect(
      Object.keys(resourcesOf(templateOf({ SWEEP_MINUTES: "30" }), "AWS::Lambda::Version")),
    ).toEqual(Object.keys(versions));
  });
});

describe("control API", () => {
  const methods = Object.values(resourcesOf(template, "AWS::ApiGateway::Method"));

  it("asks every caller for SigV4", () => {
    expect(methods).not.toHaveLength(0);
    for (const { Properties } of methods) expect(Properties["AuthorizationType"]).toBe("AWS_IAM");
  });

  it("validates requests before they reach the function", () => {
    const [validator] = only(resourcesOf(template, "AWS::ApiGateway::RequestValidator"));
    for (const { Properties } of methods) {
      expect(Properties["RequestValidatorId"]).toEqual({ Ref: validator });
    }
    template.hasResourceProperties("AWS::ApiGateway::RequestValidator", {
      ValidateRequestBody: true,
      ValidateRequestParameters: true,
    });
  });

  it("declares no binary types, for the function answers and takes text alone, and no CORS", () => {
    const [, { Properties }] = only(resourcesOf(template, "AWS::ApiGateway::RestApi"));
    expect(Properties).not.toHaveProperty("BinaryMediaTypes");
    expect(methods.map((method) => method.Properties["HttpMethod"])).toEqual(["ANY"]);
    expect(methods[0]?.Properties["Integration"]).not.toHaveProperty("ContentHandling");
  });

  it("throttles, traces, and logs accesses but not bodies, which hold ExternalIds", () => {
    template.hasResourceProperties("AWS::ApiGateway::Stage", {
      TracingEnabled: true,
      AccessLogSetting: Match.objectLike({ DestinationArn: Match.anyValue() }),
      MethodSettings: [
        Match.objectLike({
          ResourcePath: "/*",
          HttpMethod: "*",
          ThrottlingRateLimit: 20,
          ThrottlingBurstLimit: 40,
          DataTraceEnabled: false,
          MetricsEnabled: true,
        }),
      ],
    });
  });
});

describe("state table", () => {
  it("is on demand, encrypted, restorable, and protected from deletion", () => {
    template.hasResource("AWS::DynamoDB::GlobalTable", {
      DeletionPolicy: "Retain",
      Properties: {
        BillingMode: "PAY_PER_REQUEST",
        SSESpecification: { SSEEnabled: true },
        TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
        Replicas: [
          Match.objectLike({
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          }),
        ],
      },
    });
  });

  it("has indexes of keys alone, which cost nothing while an item's keys stay", () => {
    const [table] = Object.values(resourcesOf(template, "AWS::DynamoDB::GlobalTable"));
    expect(table?.Properties["GlobalSecondaryIndexes"]).toMatchObject([
      { IndexName: "gsi1", Projection: { ProjectionType: "KEYS_ONLY" } },
      { IndexName: "gsi2", Projection: { ProjectionType: "KEYS_ONLY" } },
    ]);
  });
});

describe("a table that was restored", () => {
  const tableName = "spot-optimizer-prod-2";
  const restored = synthesise({ STATE_TABLE: tableName });

  it("is used by its name, for CloudFormation could not make it: the one before leaves the stack and is retained", () => {
    restored.template.resourceCountIs("AWS::DynamoDB::GlobalTable", 0);
    expect(restored.nag.pluginReports.flatMap(({ violations }) => violations)).toEqual([]);
  });

  it("is the one table that every function is told of and may reach", () => {
    const { template: made } = restored;
    const functions = Object.values(resourcesOf(made, "AWS::Lambda::Function"));
    const told = functions.map(({ Properties }) =>
      z
        .object({ Variables: z.object({ TABLE_NAME: z.string() }) })
        .parse(Properties["Environment"]),
    );
    expect(told).toHaveLength(functionNames.length);
    expect(new Set(told.map(({ Variables }) => Variables.TABLE_NAME))).toEqual(
      new Set([tableName]),
    );
    const policies = JSON.stringify(resourcesOf(made, "AWS::IAM::Policy"));
    expect(policies).toContain(`:table/${tableName}"`);
    expect(policies).toContain(`:table/${tableName}/index/gsi1"`);
    expect(policies).not.toContain("StateTable");
  });

  it("gives every step a new version, so that what begins from then on works on it", () => {
    const before = Object.keys(resourcesOf(template, "AWS::Lambda::Version"));
    const after = Object.keys(resourcesOf(restored.template, "AWS::Lambda::Version"));
    expect(after).toHaveLength(before.length);
    expect(after.filter((version) => before.includes(version))).toEqual([]);
  });
});

describe("the stack", () => {
  it("is not deleted by one command: originals that are stopped would be known to nobody", () => {
    expect(isProtected).toBe(true);
  });
});

describe("the alarms", () => {
  const runbook = readFileSync(new URL("../../docs/runbook.md", import.meta.url), "utf8");
  const alarms = Object.values(resourcesOf(template, "AWS::CloudWatch::Alarm"));

  const titles = alarms.map(({ Properties }) => {
    const description = String(Properties["AlarmDescription"]);
    return /docs\/runbook\.md, (.+)$/.exec(description)?.[1] ?? description;
  });

  it("each name their entry in the runbook", () => {
    expect(alarms.length).toBeGreaterThan(1);
    for (const title of titles) expect(runbook.split("\n")).toContain(`## ${title}`);
  });

  it("are there for each entry of the runbook that begins with one", () => {
    const entries = runbook
      .split(/^## /m)
      .filter((entry) => /^[^\n]+\n\n(?:The a|A)larm /.test(entry))
      .map((entry) => entry.split("\n")[0]);
    expect(entries.toSorted()).toEqual([...new Set(titles)].toSorted());
  });

  it("ring where the sweep stands still, and where nothing measures that", () => {
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      Namespace: "SpotOptimizer/prod",
      MetricName: "LastSweepSeconds",
      Statistic: "Maximum",
      Threshold: 45 * 60,
      TreatMissingData: "breaching",
    });
  });

  it("on what is measured are of measures that there are, and so is the dashboard", () => {
    const own = alarms.filter(({ Properties }) => Properties["Namespace"] === "SpotOptimizer/prod");
    const measured = measuredAlarms(15).map(({ metricName }) => metricName);
    expect(own.map(({ Properties }) => Properties["MetricName"])).toEqual(
      expect.arrayContaining(measured),
    );
    const [dashboard] = Object.values(resourcesOf(template, "AWS::CloudWatch::Dashboard"));
    const shown = JSON.stringify(dashboard?.Properties["DashboardBody"]);
    for (const name of measureNames) expect(shown).toContain(name);
    for (const name of measured) expect(measureNames).toContain(name);
  });

  it("count the losses that no event told, as the sweep of a place logs them", () => {
    template.hasResourceProperties("AWS::Logs::MetricFilter", {
      LogGroupName: { Ref: functionOf("schedule-sweep-place").LoggingConfig.LogGroup },
      FilterPattern: '{ $.message.untoldLosses = "*" }',
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      MetricName: "UntoldLosses",
      Threshold: 1,
    });
  });

  it("count the places with loads that no recovery has brought back, as the sweep of a place logs them", () => {
    template.hasResourceProperties("AWS::Logs::MetricFilter", {
      LogGroupName: { Ref: functionOf("schedule-sweep-place").LoggingConfig.LogGroup },
      FilterPattern: '{ $.message.unrecovered = "*" }',
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      MetricName: "UnrecoveredLoads",
      Threshold: 1,
    });
  });

  it.each([
    { name: "enforce-scan-place", key: "enforcerPaused", metric: "EnforcerPaused" },
    { name: "enforce-carry-out", key: "noticeFailed", metric: "NoticesFailed" },
  ] as const)("count what $name tells with $key", ({ name, key, metric }) => {
    template.hasResourceProperties("AWS::Logs::MetricFilter", {
      LogGroupName: { Ref: functionOf(name).LoggingConfig.LogGroup },
      FilterPattern: `{ $.message.${key} = "*" }`,
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", { MetricName: metric, Threshold: 1 });
  });

  it("count the accounts in which no switch begins, as the sweep logs them", () => {
    template.hasResourceProperties("AWS::Logs::MetricFilter", {
      LogGroupName: { Ref: functionOf("schedule-sweep").LoggingConfig.LogGroup },
      FilterPattern: '{ $.message.haltedSince = "*" }',
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      MetricName: "HaltedAccounts",
      Namespace: "SpotOptimizer/prod",
      Statistic: "Sum",
      Period: 15 * 60,
      TreatMissingData: "notBreaching",
    });
  });
});

describe("the sweep of a place", () => {
  it("is tried once, and not after the next sweep has come", () => {
    template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
      FunctionName: { Ref: functionOf("schedule-sweep-place").logicalId },
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 15 * 60,
    });
  });

  it("is kept, as a region of a preflight is, where it was not dealt with, and somebody is told", () => {
    const [queue] = Object.entries(resourcesOf(template, "AWS::SQS::Queue")).find(
      ([, { Properties }]) => Properties["QueueName"] === "spot-optimizer-prod-not-dealt-with",
    ) ?? [""];
    for (const name of [
      "schedule-sweep-place",
      "schedule-preflight-place",
      "schedule-restore-marks",
    ] as const) {
      template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
        FunctionName: { Ref: functionOf(name).logicalId },
        DestinationConfig: { OnFailure: { Destination: { "Fn::GetAtt": [queue, "Arn"] } } },
      });
    }
    template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
      FunctionName: { Ref: functionOf("schedule-preflight-place").logicalId },
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 60 * 60,
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      MetricName: "ApproximateNumberOfMessagesVisible",
      Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": [queue, "QueueName"] } }],
      Threshold: 1,
    });
  });

  it("has the time that it spreads its starts over; no other function is as large but those that read a place to its end", () => {
    expect(functionOf("schedule-sweep-place")).toMatchObject({ Timeout: 300, MemorySize: 1024 });
    expect(functionOf("schedule-preflight-place")).toMatchObject({
      Timeout: 900,
      MemorySize: 1024,
    });
    expect(functionOf("schedule-watch-requests")).toMatchObject({ Timeout: 60, MemorySize: 256 });
    const others = functions.filter(
      ({ FunctionName }) =>
        !/-(place|receive|carry-out|watch-requests|note-spans|state-days)$/.test(FunctionName),
    );
    for (const { Timeout, MemorySize } of others) {
      expect([Timeout, MemorySize]).toEqual([60, 512]);
    }
  });
});

describe("schedules", () => {
  it.each([
    { name: "schedule-sweep", rate: "rate(15 minutes)" },
    { name: "schedule-janitor", rate: "rate(5 minutes)" },
    { name: "schedule-find-unclaimed", rate: "rate(15 minutes)" },
    { name: "schedule-off-board", rate: "rate(5 minutes)" },
    { name: "schedule-measure", rate: "rate(15 minutes)" },
    { name: "waste-scan-place", rate: "rate(15 minutes)" },
    { name: "waste-carry-out", rate: "rate(5 minutes)" },
    { name: "ledger-note-spans", rate: "rate(15 minutes)" },
    { name: "ledger-state-days", rate: "rate(1 hour)" },
    { name: "schedule-code-janitor", rate: "rate(1 day)" },
    { name: "enforce-scan-place", rate: "rate(5 minutes)" },
    { name: "enforce-carry-out", rate: "rate(5 minutes)" },
    { name: "interruption-open-bus", rate: "rate(5 minutes)" },
    { name: "schedule-watch-requests", rate: "rate(1 minute)" },
    { name: "notice-deliver", rate: "rate(1 minute)" },
  ] as const)("start $name at $rate", ({ name, rate }) => {
    template.hasResourceProperties("AWS::Events::Rule", {
      ScheduleExpression: rate,
      State: "ENABLED",
      Targets: [Match.objectLike({ Arn: { "Fn::GetAtt": [functionOf(name).logicalId, "Arn"] } })],
    });
  });

  it("are all that there are", () => {
    const rules = Object.values(resourcesOf(template, "AWS::Events::Rule"));
    expect(rules.filter(({ Properties }) => "ScheduleExpression" in Properties)).toHaveLength(15);
  });
});

describe("events of customers' accounts", () => {
  const logicalIdOf = (queueName: string): string =>
    Object.entries(resourcesOf(template, "AWS::SQS::Queue")).find(
      ([, { Properties }]) => Properties["QueueName"] === `spot-optimizer-prod-events-${queueName}`,
    )?.[0] ?? "";
  const arnOf = (queueName: string) => ({ "Fn::GetAtt": [logicalIdOf(queueName), "Arn"] });

  it.each([
    {
      urgency: "urgent",
      source: ["aws.ec2", "aws.autoscaling", "aws.fis"],
      types: [
        "EC2 Spot Instance Interruption Warning",
        "EC2 Instance-terminate Lifecycle Action",
        "FIS Experiment State Change",
      ],
    },
    {
      urgency: "other",
      source: ["aws.ec2"],
      types: ["EC2 Instance Rebalance Recommendation", "EC2 Instance State-change Notification"],
    },
  ])("that are $urgency have a queue of their own on our bus", ({ urgency, source, types }) => {
    template.hasResourceProperties("AWS::Events::Rule", {
      EventBusName: Match.anyValue(),
      EventPattern: { source, "detail-type": types },
      Targets: [
        Match.objectLike({
          Arn: arnOf(urgency),
          DeadLetterConfig: { Arn: arnOf("dead") },
          RetryPolicy: { MaximumEventAgeInSeconds: 3600 },
        }),
      ],
    });
  });

  it.each(["urgent", "other"])(
    "come again ten seconds after the function failed, and are dead letters after ten minutes: %s",
    (urgency) => {
      template.hasResourceProperties("AWS::SQS::Queue", {
        QueueName: `spot-optimizer-prod-events-${urgency}`,
        VisibilityTimeout: 10,
        RedrivePolicy: { deadLetterTargetArn: arnOf("dead"), maxReceiveCount: 60 },
        SqsManagedSseEnabled: true,
      });
      template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
        EventSourceArn: arnOf(urgency),
        FunctionName: { Ref: functionOf("interruption-receive").logicalId },
        BatchSize: 10,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
      });
      template.hasResourceProperties("AWS::CloudWatch::Alarm", {
        MetricName: "ApproximateAgeOfOldestMessage",
        Dimensions: [
          { Name: "QueueName", Value: { "Fn::GetAtt": [logicalIdOf(urgency), "QueueName"] } },
        ],
        Threshold: 60,
      });
    },
  );

  it("have a function that is done before its messages are shown again", () => {
    expect(functionOf("interruption-receive").Timeout).toBeLessThanOrEqual(10);
  });

  it("that are urgent and stay long on our bus raise an alarm", () => {
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      Namespace: "AWS/Events",
      MetricName: "IngestionToInvocationSuccessLatency",
      Dimensions: [{ Name: "EventBusName" }, { Name: "RuleName" }].map((one) =>
        Match.objectLike(one),
      ),
      Statistic: "Maximum",
      Threshold: 10_000,
    });
  });

  it("that nobody could deal with raise an alarm, and are kept for two weeks", () => {
    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "spot-optimizer-prod-events-dead",
      MessageRetentionPeriod: 14 * 86_400,
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      MetricName: "ApproximateNumberOfMessagesVisible",
      Dimensions: [
        { Name: "QueueName", Value: { "Fn::GetAtt": [logicalIdOf("dead"), "QueueName"] } },
      ],
      Threshold: 1,
    });
  });

  it("come by a bus whose policy one function alone may write, and no template has", () => {
    // The other one is for our own events, on which nobody else may put any.
    template.resourceCountIs("AWS::Events::EventBus", 2);
    template.resourceCountIs("AWS::Events::EventBusPolicy", 0);
    const writers = names.filter(({ name }) =>
      statementsOf(functionOf(name).Role).some(({ Action }) =>
        Action.includes("events:PutPermission"),
      ),
    );
    expect(writers).toEqual([{ name: "interruption-open-bus" }]);
  });
});

describe("a stage", () => {
  const staging = synthesise({
    STAGE: "staging",
    SWEEP_MINUTES: "60",
    CDK_DEFAULT_REGION: "eu-west-1",
    CDK_DEFAULT_ACCOUNT: "111122223333",
  });

  it("has names of its own, so that two can live in one account", () => {
    for (const { Properties } of Object.values(
      resourcesOf(staging.template, "AWS::Lambda::Function"),
    )) {
      expect(Properties["FunctionName"]).toMatch(/^spot-optimizer-staging-/);
    }
    staging.template.hasResourceProperties("AWS::DynamoDB::GlobalTable", {
      TableName: "spot-optimizer-staging",
    });
    staging.template.hasResourceProperties("AWS::Events::Rule", {
      ScheduleExpression: "rate(1 hour)",
    });
  });

  it("tells the API to have its own path of its own account trusted, and no other", () => {
    const api = Object.values(resourcesOf(staging.template, "AWS::Lambda::Function")).find(
      ({ Properties }) => Properties["FunctionName"] === "spot-optimizer-staging-api",
    );
    const { TRUSTED_ROLE_PATTERN: pattern } = apiEnvironmentSchema
      .pick({ TRUSTED_ROLE_PATTERN: true })
      .parse(functionSchema.parse(api?.Properties).Environment.Variables);
    expect(readTrustedRolePattern(pattern)).toEqual({
      principal: "arn:aws:iam::111122223333:root",
      pattern: "arn:aws:iam::111122223333:role/spot-optimizer/staging/customer/*",
    });
  });

  it.each([
    { stage: "unbound", report: nag },
    { stage: "bound to account and region", report: staging.nag },
  ])("$stage leaves cdk-nag no finding without a reason", ({ report }) => {
    const [solutions] = report.pluginReports;
    expect(solutions?.pluginName).toBe("AwsSolutions");
    expect(solutions?.violations).toEqual([]);
    expect(solutions?.suppressedViolations).not.toHaveLength(0);
  });

  it("is synthesised the same each time", () => {
    expect(templateOf().toJSON()).toEqual(template.toJSON());
  });
});

describe("configuration", () => {
  it.each([
    { variables: { STAGE: "Prod!" }, names: "STAGE" },
    { variables: { SWEEP_MINUTES: "1" }, names: "SWEEP_MINUTES" },
    { variables: { STATE_TABLE: "a table" }, names: "STATE_TABLE" },
    { variables: { ADVISOR_FEED_URL: "nowhere" }, names: "ADVISOR_FEED_URL" },
  ])("that is malformed is refused, naming $names", ({ variables, names: named }) => {
    expect(() => templateOf(variables)).toThrow(named);
  });
});
