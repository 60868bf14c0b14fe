import { beforeEach, describe, expect, it } from "@jest/globals";
import { parse, stringify } from "yaml";
import * as z from "zod";
import {
  customerRoleParts,
  customerRoleStatements,
} from "../../../lambdas/access/customer-role.ts";
import { features } from "../../../lambdas/access/features.ts";
import { forwardedEvents } from "../../../lambdas/access/forwarded-events.ts";
import type { RolePart, RoleStatement } from "../../../lambdas/access/parts/part.ts";
import {
  regionTemplate,
  roleTemplate,
  roleTemplateYaml,
} from "../../../lambdas/api/role-template.ts";
import {
  apiUnderTest,
  eventBusArn,
  labAccount,
  trustedRolePattern,
  type ApiUnderTest,
} from "./api-under-test.ts";

type Template = ReturnType<typeof roleTemplate>;

const policyDocument = z
  .object({ PolicyDocument: z.unknown() })
  .transform(({ PolicyDocument }) => JSON.stringify(PolicyDocument));

/** As it stands in the template: a statement of an option is chosen, and nothing stands for it otherwise. */
const written = (statement: RoleStatement) => {
  const { sid, effect = "Allow", actions, resources, conditions, where } = statement;
  const always = {
    Sid: sid,
    Effect: effect,
    Action: actions,
    Resource: resources,
    ...(conditions === undefined ? {} : { Condition: conditions }),
  };
  const nothing = { Ref: "AWS::NoValue" };
  if (where === undefined) return always;
  const branches = where.allowed ? [always, nothing] : [nothing, always];
  return { "Fn::If": [`Allows${where.option}`, ...branches] };
};

const startingWith = (begin: string, all: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith(begin)));

const policiesOf = ({ Resources }: { readonly Resources: object }) =>
  Object.fromEntries(
    Object.entries(
      Resources as Readonly<Record<string, { Type: string; Properties: unknown }>>,
    ).filter(([, { Type }]) => Type === "AWS::IAM::ManagedPolicy"),
  );

describe("the role template", () => {
  let api: ApiUnderTest;
  let externalId: string;
  let template: Template;
  let text: string;
  const input = (pattern = trustedRolePattern) => ({
    account: { accountId: "444455556666" as never, externalId },
    trustedRolePattern: pattern,
    eventBusArn,
  });
  beforeEach(async () => {
    api = apiUnderTest();
    const created = await api.send("POST", "/accounts", labAccount);
    externalId = (created.body as { external_id: string }).external_id;
    const answer = await api.send("GET", `/accounts/${labAccount.account_id}/role-template`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/yaml");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    text = answer.body;
    template = parse(text) as Template;
  });

  it("is the whole template in one document, for each customer with his own ExternalId", async () => {
    const whole = { aliasDuplicateObjects: false, lineWidth: 0 };
    expect(text).toBe(stringify(roleTemplate(input()), whole));
    const account = { accountId: "555566667777" as never, externalId: "spot-optimizer-other" };
    const written = await roleTemplateYaml({ account, trustedRolePattern, eventBusArn });
    expect(written).toBe(
      stringify(roleTemplate({ account, trustedRolePattern, eventBusArn }), whole),
    );
  });

  it("trusts our account, of it the roles under the path, and only with this account's ExternalId", () => {
    const { AssumeRolePolicyDocument } = template.Resources.SpotOptimizerRole.Properties;
    expect(AssumeRolePolicyDocument.Statement).toEqual([
      {
        Sid: "SpotOptimizer",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111122223333:root" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "sts:ExternalId": externalId },
          ArnLike: { "aws:PrincipalArn": trustedRolePattern },
        },
      },
    ]);
  });

  it("makes the role under the name that we assume", () => {
    const { RoleName, MaxSessionDuration } = template.Resources.SpotOptimizerRole.Properties;
    expect(RoleName).toBe("SpotOptimizerRole");
    expect(MaxSessionDuration).toBe(3600);
    expect(template.Outputs.RoleArn.Value).toEqual({ "Fn::GetAtt": ["SpotOptimizerRole", "Arn"] });
  });

  it("has a managed policy for each part, attached to the role, with its statements and no others", () => {
    const policies = policiesOf(template);
    expect(Object.keys(policies)).toEqual([
      "ReadPolicy",
      "LinearPolicy",
      "LinearPolicy2",
      "ClusterPolicy",
      "KubernetesPolicy",
      "WastePolicy",
      "EnforcePolicy",
      "NoticesPolicy",
    ]);
    const managed = z.object({
      Type: z.literal("AWS::IAM::ManagedPolicy"),
      Properties: z.object({
        Roles: z.tuple([z.object({ Ref: z.literal("SpotOptimizerRole") })]),
        PolicyDocument: z.object({
          Version: z.literal("2012-10-17"),
          Statement: z.array(z.unknown()),
        }),
      }),
    });
    const allowed = Object.values(policies).flatMap(
      (policy) => managed.parse(policy).Properties.PolicyDocument.Statement,
    );
    expect(allowed).toEqual(customerRoleParts.flatMap(({ statements }) => statements.map(written)));
  });

  it("lets the customer leave out each part but reading, and the fallback, and has all unless told", () => {
    const choice = {
      Type: "String",
      Description: expect.any(String),
      AllowedValues: ["true", "false"],
      Default: "true",
    };
    expect(startingWith("Allow", template.Parameters)).toEqual({
      AllowLinear: choice,
      AllowCluster: choice,
      AllowKubernetes: choice,
      // It deletes: an update of the stack never gives it.
      AllowWaste: { ...choice, Default: "false" },
      AllowEnforce: { ...choice, Default: "false" },
      AllowNotices: { ...choice, Default: "false" },
      AllowOnDemandFallback: choice,
      AllowEnforcerTermination: { ...choice, Default: "false" },
    });
    expect(startingWith("Allow", template.Conditions)).toEqual({
      AllowsLinear: { "Fn::Equals": [{ Ref: "AllowLinear" }, "true"] },
      AllowsCluster: { "Fn::Equals": [{ Ref: "AllowCluster" }, "true"] },
      AllowsKubernetes: { "Fn::Equals": [{ Ref: "AllowKubernetes" }, "true"] },
      AllowsWaste: { "Fn::Equals": [{ Ref: "AllowWaste" }, "true"] },
      AllowsEnforce: { "Fn::Equals": [{ Ref: "AllowEnforce" }, "true"] },
      AllowsNotices: { "Fn::Equals": [{ Ref: "AllowNotices" }, "true"] },
      AllowsOnDemandFallback: { "Fn::Equals": [{ Ref: "AllowOnDemandFallback" }, "true"] },
      AllowsEnforcerTermination: { "Fn::Equals": [{ Ref: "AllowEnforcerTermination" }, "true"] },
    });
    const conditional = Object.entries(policiesOf(template)).flatMap(([id, resource]) =>
      "Condition" in resource ? [[id, resource.Condition]] : [],
    );
    expect(conditional).toEqual([
      ["LinearPolicy", "AllowsLinear"],
      ["LinearPolicy2", "AllowsLinear"],
      ["ClusterPolicy", "AllowsCluster"],
      ["KubernetesPolicy", "AllowsKubernetes"],
      ["WastePolicy", "AllowsWaste"],
      ["EnforcePolicy", "AllowsEnforce"],
      ["NoticesPolicy", "AllowsNotices"],
    ]);
  });

  it("takes a further part by its row alone", () => {
    const events: RolePart = {
      feature: "events",
      purpose: "Tell us of interruptions.",
      statements: [{ sid: "PutRule", actions: ["events:PutRule"], resources: ["*"] }],
    };
    const made = roleTemplate(input(), [...customerRoleParts, events]);
    expect(Object.keys(startingWith("Allow", made.Parameters))).toEqual([
      "AllowLinear",
      "AllowCluster",
      "AllowKubernetes",
      "AllowWaste",
      "AllowEnforce",
      "AllowNotices",
      "AllowEvents",
      "AllowOnDemandFallback",
      "AllowEnforcerTermination",
    ]);
    expect(made.Parameters["AllowEvents"]?.Description).toBe("Tell us of interruptions.");
    expect(made.Conditions["AllowsEvents"]).toEqual({
      "Fn::Equals": [{ Ref: "AllowEvents" }, "true"],
    });
    expect(made.Resources).toMatchObject({
      EventsPolicy: {
        Condition: "AllowsEvents",
        Properties: {
          PolicyDocument: { Statement: [{ Sid: "PutRule", Action: ["events:PutRule"] }] },
        },
      },
    });
  });

  it.each(customerRoleParts)(
    "fits IAM's limit of 6,144 characters for a managed policy with $feature",
    ({ feature }) => {
      const policies = Object.entries(policiesOf(template)).filter(([id]) =>
        id.toLowerCase().startsWith(feature),
      );
      expect(policies.length).toBeGreaterThanOrEqual(1);
      for (const [, { Properties }] of policies) {
        expect(policyDocument.parse(Properties).length).toBeLessThan(6144);
      }
    },
  );

  it("fits IAM's limit of 10 managed policies for a role, with every feature there may be", () => {
    expect(features.length).toBeLessThanOrEqual(10);
    const toCome = features.filter(
      (feature) => !customerRoleParts.some((part) => part.feature === feature),
    );
    const ids = Object.keys(policiesOf(template));
    expect(ids).toContain("LinearPolicy2");
    expect(ids.length + toCome.length).toBeLessThanOrEqual(10);
  });

  it("has unique, alphanumeric statement ids, as IAM wants them", () => {
    const sids = customerRoleStatements().map(({ sid }) => sid);
    expect(new Set(sids).size).toBe(sids.length);
    for (const sid of sids) expect(sid).toMatch(/^[A-Za-z0-9]+$/);
  });

  it("has alphanumeric names for what is in it, as CloudFormation wants them", () => {
    const { Parameters, Conditions, Resources, Outputs } = template;
    const ids = [Parameters, Conditions, Resources, Outputs].flatMap((part) => Object.keys(part));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]+$/);
  });

  it("uses no YAML anchors, which CloudFormation reads differently", () => {
    expect(text).not.toMatch(/[&*]a\d/);
  });

  it("fits IAM's limit of 2,048 characters for a trust policy five times, with the longest stage", () => {
    const longest = trustedRolePattern.replace("prod", "a".repeat(16));
    const { SpotOptimizerRole } = roleTemplate(input(longest)).Resources;
    const policy = JSON.stringify(SpotOptimizerRole.Properties.AssumeRolePolicyDocument);
    expect(policy).toContain(longest);
    expect(policy.length).toBeLessThan(2048 / 5);
  });

  it.each([
    { pattern: "" },
    { pattern: "*" },
    { pattern: "arn:aws:iam::111122223333:role/*" },
    { pattern: "arn:aws:iam::111122223333:role/spot-optimizer/*" },
    { pattern: "arn:aws:iam::111122223333:role/spot-optimizer/*/customer/*" },
    { pattern: "arn:aws:iam::111122223333:role/spot-optimizer/prod/own/*" },
    { pattern: "arn:aws:iam::*:role/spot-optimizer/prod/customer/*" },
    { pattern: "arn:aws:iam::111122223333:user/spot-optimizer/prod/customer/*" },
  ])("is never made for the pattern '$pattern', which trusts others", ({ pattern }) => {
    expect(() => roleTemplate(input(pattern))).toThrow("not a customer path");
  });

  it("answers 404 for an unknown account", async () => {
    expect((await api.send("GET", "/accounts/000000000000/role-template")).status).toBe(404);
  });

  it("forwards each kind of event to our bus, under a role that may do nothing else, and keeps what our bus refuses", () => {
    expect(startingWith("Forward", template.Parameters)).toEqual(
      Object.fromEntries(
        forwardedEvents.map(({ name, purpose, isOn }) => [
          `Forward${name}`,
          {
            Type: "String",
            Description: purpose,
            AllowedValues: ["true", "false"],
            Default: String(isOn),
          },
        ]),
      ),
    );
    expect(template.Resources).toMatchObject({
      ForwardInterruptionWarningsRule: {
        Type: "AWS::Events::Rule",
        Condition: "ForwardsInterruptionWarnings",
        Properties: {
          EventPattern: {
            source: ["aws.ec2"],
            "detail-type": ["EC2 Spot Instance Interruption Warning"],
          },
          Targets: [
            {
              Arn: eventBusArn,
              RoleArn: { "Fn::GetAtt": ["EventForwarder", "Arn"] },
              DeadLetterConfig: { Arn: { "Fn::GetAtt": ["UndeliveredEvents", "Arn"] } },
            },
          ],
        },
      },
      EventForwarder: {
        Properties: {
          AssumeRolePolicyDocument: {
            Statement: [{ Principal: { Service: "events.amazonaws.com" } }],
          },
          Policies: [
            {
              PolicyDocument: {
                Statement: [{ Effect: "Allow", Action: "events:PutEvents", Resource: eventBusArn }],
              },
            },
          ],
        },
      },
      UndeliveredEvents: { Properties: { MessageRetentionPeriod: 1_209_600 } },
    });
  });

  it("raises an alarm in the customer's account where our bus does not take what is forwarded, and tells his topic where he names one", () => {
    expect(template.Parameters["AlarmTopicArn"]?.Default).toBe("");
    expect(template).toMatchObject({
      Conditions: { LacksAlarmTopic: { "Fn::Equals": [{ Ref: "AlarmTopicArn" }, ""] } },
      Resources: {
        UndeliveredEventsAlarm: {
          Type: "AWS::CloudWatch::Alarm",
          Properties: {
            Namespace: "AWS/SQS",
            MetricName: "ApproximateNumberOfMessagesVisible",
            Dimensions: [
              {
                Name: "QueueName",
                Value: { "Fn::GetAtt": ["UndeliveredEvents", "QueueName"] },
              },
            ],
            Threshold: 1,
            TreatMissingData: "notBreaching",
            AlarmActions: {
              "Fn::If": ["LacksAlarmTopic", { Ref: "AWS::NoValue" }, [{ Ref: "AlarmTopicArn" }]],
            },
          },
        },
      },
    });
  });

  it("forwards state changes of ends alone, and only where the customer asks for them", () => {
    expect(template.Parameters["ForwardStateChanges"]?.Default).toBe("false");
    expect(template.Resources).toMatchObject({
      ForwardStateChangesRule: {
        Properties: { EventPattern: { detail: { state: ["shutting-down", "terminated"] } } },
      },
    });
  });

  describe("with the part by which waste is deleted", () => {
    const waste: RolePart = {
      feature: "waste",
      purpose: "Delete waste.",
      isOptIn: true,
      statements: [{ sid: "DeleteWaste", actions: ["ec2:DeleteVolume"], resources: ["*"] }],
    };
    const parts = [...customerRoleParts.filter(({ feature }) => feature !== "waste"), waste];
    const made = roleTemplate(input(), parts);
    const further = regionTemplate(input(), parts);
    const bins = ["DeletedVolumes", "DeletedSnapshots", "DeletedImages"];

    it("leaves it out unless the customer chooses it", () => {
      expect(made.Parameters["AllowWaste"]).toMatchObject({ Default: "false" });
      expect(further.Parameters["AllowWaste"]).toEqual(made.Parameters["AllowWaste"]);
      expect(made.Resources).toMatchObject({ WastePolicy: { Condition: "AllowsWaste" } });
    });

    it("keeps what it deletes in the Recycle Bin of each region: a rule for each kind, by tag, never for the whole region", () => {
      const kept = Object.entries(further.Resources).filter(([id]) => bins.includes(id));
      expect(kept.map(([, resource]) => resource)).toMatchObject(
        [
          ["EBS_VOLUME", 7],
          ["EBS_SNAPSHOT", 30],
          ["EC2_IMAGE", 30],
        ].map(([ResourceType, RetentionPeriodValue]) => ({
          Type: "AWS::Rbin::Rule",
          Condition: "AllowsWaste",
          Properties: {
            ResourceType,
            ResourceTags: [
              { ResourceTagKey: "spot-optimizer:recycle-bin", ResourceTagValue: "keep" },
            ],
            RetentionPeriod: { RetentionPeriodValue, RetentionPeriodUnit: "DAYS" },
          },
        })),
      );
      expect(made.Resources).toMatchObject(Object.fromEntries(kept));
    });

    it("has no rule of the Recycle Bin without it", () => {
      const without = parts.filter(({ feature }) => feature !== "waste");
      expect(Object.keys(roleTemplate(input(), without).Resources)).not.toContain(bins[0]);
      expect(Object.keys(regionTemplate(input(), without).Resources)).not.toContain(bins[0]);
    });
  });

  it("of a further region has what forwards events, and no role that we assume", async () => {
    const answer = await api.send(
      "GET",
      `/accounts/${labAccount.account_id}/role-template?only=events`,
    );
    const further = parse(answer.body) as {
      readonly Resources: object;
      readonly Parameters: object;
    };
    expect(Object.keys(further.Resources)).toEqual([
      "DeletedVolumes",
      "DeletedSnapshots",
      "DeletedImages",
      "EventForwarder",
      "UndeliveredEvents",
      "UndeliveredEventsPolicy",
      "UndeliveredEventsAlarm",
      ...forwardedEvents.map(({ name }) => `Forward${name}Rule`),
    ]);
    expect(further.Resources).toEqual(
      Object.fromEntries(
        Object.entries(template.Resources).filter(([id]) => Object.hasOwn(further.Resources, id)),
      ),
    );
    expect(answer.body).not.toContain(externalId);
    const other = await api.send(
      "GET",
      `/accounts/${labAccount.account_id}/role-template?only=role`,
    );
    expect(other.status).toBe(400);
  });
});
