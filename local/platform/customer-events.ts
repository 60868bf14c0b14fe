/** What of our template forwards events, applied to an account and region of the simulated cloud as CloudFormation would. */
import * as z from "zod";
import type { Cloud } from "../cloud/dispatch.ts";
import type { EventBridge } from "../cloud/eventbridge/service.ts";
import { statementSchema } from "../cloud/iam/permissions.ts";
import type { Queues } from "../cloud/sqs/queues.ts";

const attribute = z.strictObject({ "Fn::GetAtt": z.tuple([z.string(), z.literal("Arn")]) });
const byEventBridge = z.strictObject({ Service: z.literal("events.amazonaws.com") });
const ofThisAccount = z.strictObject({
  StringEquals: z.strictObject({
    "aws:SourceAccount": z.strictObject({ Ref: z.literal("AWS::AccountId") }),
  }),
});

/** Strict, so that what the simulated cloud does not weigh is not passed over. */
const forwarderSchema = z.strictObject({
  Type: z.literal("AWS::IAM::Role"),
  Properties: z.strictObject({
    Description: z.string(),
    AssumeRolePolicyDocument: z.object({
      Statement: z.tuple([
        z.strictObject({
          Effect: z.literal("Allow"),
          Principal: byEventBridge,
          Action: z.literal("sts:AssumeRole"),
          Condition: ofThisAccount,
        }),
      ]),
    }),
    Policies: z.tuple([
      z.object({ PolicyDocument: z.object({ Statement: z.array(statementSchema) }) }),
    ]),
  }),
});

const queueSchema = z.strictObject({
  Type: z.literal("AWS::SQS::Queue"),
  Properties: z.strictObject({
    MessageRetentionPeriod: z.int(),
    SqsManagedSseEnabled: z.literal(true),
  }),
});

const queuePolicySchema = z.strictObject({
  Type: z.literal("AWS::SQS::QueuePolicy"),
  Properties: z.strictObject({
    Queues: z.tuple([z.strictObject({ Ref: z.string() })]),
    PolicyDocument: z.object({
      Statement: z.tuple([
        z.strictObject({
          Effect: z.literal("Allow"),
          Principal: byEventBridge,
          Action: z.literal("sqs:SendMessage"),
          Resource: attribute,
          Condition: ofThisAccount,
        }),
      ]),
    }),
  }),
});

const alarmSchema = z.strictObject({
  Type: z.literal("AWS::CloudWatch::Alarm"),
  Properties: z.record(z.string(), z.unknown()),
});

const ruleSchema = z.strictObject({
  Type: z.literal("AWS::Events::Rule"),
  Condition: z.string(),
  Properties: z.strictObject({
    Description: z.string().max(512),
    EventPattern: z.record(z.string(), z.unknown()),
    Targets: z.tuple([
      z.strictObject({
        Id: z.string(),
        Arn: z.string(),
        RoleArn: attribute,
        DeadLetterConfig: z.strictObject({ Arn: attribute }),
      }),
    ]),
  }),
});

export const eventResourceSchemas = [
  forwarderSchema,
  queueSchema,
  queuePolicySchema,
  alarmSchema,
  ruleSchema,
] as const;

type EventResource = z.infer<(typeof eventResourceSchemas)[number]>;

interface Applied {
  readonly accountId: string;
  readonly region: string;
  readonly resources: Readonly<Record<string, { readonly Type: string }>>;
  readonly holds: (condition: string) => boolean;
}

interface Telling {
  readonly cloud: Pick<Cloud, "identities">;
  readonly eventBridge: EventBridge;
  readonly queues: Queues;
}

const ofType = <Type extends EventResource["Type"]>(
  { resources }: Applied,
  type: Type,
): readonly (readonly [string, Extract<EventResource, { Type: Type }>])[] =>
  Object.entries(resources).flatMap(([id, resource]) => {
    const isIt = resource.Type === type && id !== "SpotOptimizerRole";
    return isIt ? [[id, resource as Extract<EventResource, { Type: Type }>] as const] : [];
  });

const makeRoles = ({ cloud }: Telling, applied: Applied): ReadonlyMap<string, string> =>
  new Map(
    ofType(applied, "AWS::IAM::Role").map(([id, { Properties }]) => {
      const [{ PolicyDocument }] = Properties.Policies;
      const { arn } = cloud.identities.addRole({
        accountId: applied.accountId,
        // CloudFormation gives a name that tells the stack, which stands in one region.
        name: `${id}-${applied.region}`,
        trustedPrincipals: [Properties.AssumeRolePolicyDocument.Statement[0].Principal.Service],
        statements: PolicyDocument.Statement,
      });
      return [id, arn] as const;
    }),
  );

const makeQueues = ({ queues }: Telling, applied: Applied): ReadonlyMap<string, string> => {
  const { accountId, region } = applied;
  const letsIn = ofType(applied, "AWS::SQS::QueuePolicy").map(
    ([, { Properties }]) => Properties.Queues[0].Ref,
  );
  return new Map(
    ofType(applied, "AWS::SQS::Queue").map(([id, { Properties }]) => {
      const arn = `arn:aws:sqs:${region}:${accountId}:${id}`;
      queues.add({
        arn,
        retentionSeconds: Properties.MessageRetentionPeriod,
        letsIn: letsIn.includes(id) ? [`arn:aws:events:*:${accountId}:rule/*`] : [],
      });
      return [id, arn] as const;
    }),
  );
};

/** Rules whose condition no longer holds go, as at an update of the stack. */
export const applyEvents = (telling: Telling, applied: Applied): void => {
  const { accountId, region, holds } = applied;
  const arns = new Map([...makeRoles(telling, applied), ...makeQueues(telling, applied)]);
  const arnOf = (id: string): string => {
    const arn = arns.get(id);
    if (arn === undefined) throw new Error(`The template has no ${id}.`);
    return arn;
  };
  for (const [name, { Condition, Properties }] of ofType(applied, "AWS::Events::Rule")) {
    telling.eventBridge.control.removeRule({ accountId, region }, name);
    if (!holds(Condition)) continue;
    telling.eventBridge.control.putRule({
      accountId,
      region,
      name,
      pattern: Properties.EventPattern,
      targets: Properties.Targets.map(({ Arn, RoleArn, DeadLetterConfig }) => ({
        arn: Arn,
        roleArn: arnOf(RoleArn["Fn::GetAtt"][0]),
        deadLetterArn: arnOf(DeadLetterConfig.Arn["Fn::GetAtt"][0]),
      })),
    });
  }
};
