/**
 * Prints what the product reads of an error, for answers of every service whose error classes are left out of the bundles or made otherwise
 * there: as JSON. Bundled and run by bundle.test.ts, with the SDK's classes and without.
 */
import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { CloudFormationClient, GetTemplateCommand } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingClient,
} from "@aws-sdk/client-elastic-load-balancing";
import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetProductsCommand, PricingClient } from "@aws-sdk/client-pricing";
import { DeleteGroupCommand, ResourceGroupsClient } from "@aws-sdk/client-resource-groups";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { GetServiceQuotaCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { SendCommandCommand, SSMClient } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { HttpResponse } from "@smithy/core/protocols";
import { readFailure } from "../../adapters/aws/failure.ts";

const inJson = (code: string, member: string): HttpResponse =>
  new HttpResponse({
    statusCode: code.startsWith("InternalServer") ? 500 : 400,
    headers: {
      "content-type": "application/json",
      "x-amzn-errortype": code,
      "x-amzn-requestid": "request-1",
    },
    body: Buffer.from(JSON.stringify({ __type: `com.amazonaws#${code}`, [member]: "It is so." })),
  });

const inXml = (code: string): HttpResponse =>
  new HttpResponse({
    statusCode: 400,
    headers: { "content-type": "text/xml", "x-amzn-requestid": "request-1" },
    body: Buffer.from(
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>It is so.</Message></Error>` +
        "<RequestId>request-1</RequestId></ErrorResponse>",
    ),
  });

const options = (response: HttpResponse) => ({
  region: "us-east-1",
  maxAttempts: 1,
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
  requestHandler: { handle: () => Promise.resolve({ response }) },
});

type Options = ReturnType<typeof options>;

const put = (config: Options) =>
  new DynamoDBClient(config).send(new PutItemCommand({ TableName: "table", Item: {} }));
const command = (config: Options) =>
  new SSMClient(config).send(new SendCommandCommand({ DocumentName: "document" }));

type Send = (config: Options) => Promise<unknown>;

const inJsonCases: readonly (readonly [code: string, member: string, Send])[] = [
  [
    "InvalidNextToken",
    "message",
    (config) => new CloudWatchClient(config).send(new DescribeAlarmsCommand({})),
  ],
  ["ConditionalCheckFailedException", "message", put],
  ["ProvisionedThroughputExceededException", "Message", put],
  ["InternalServerError", "message", put],
  [
    "NotFoundException",
    "message",
    (config) => new KMSClient(config).send(new DescribeKeyCommand({ KeyId: "key" })),
  ],
  [
    "InvalidParameterException",
    "Message",
    (config) => new PricingClient(config).send(new GetProductsCommand({ ServiceCode: "ec2" })),
  ],
  [
    "NotFoundException",
    "Message",
    (config) => new ResourceGroupsClient(config).send(new DeleteGroupCommand({ Group: "group" })),
  ],
  [
    "ExecutionAlreadyExists",
    "message",
    (config) => new SFNClient(config).send(new StartExecutionCommand({ stateMachineArn: "arn" })),
  ],
  [
    "ResourceNotFoundException",
    "message",
    (config) => new EKSClient(config).send(new DescribeClusterCommand({ name: "shop" })),
  ],
  [
    "NoSuchResourceException",
    "Message",
    (config) =>
      new ServiceQuotasClient(config).send(
        new GetServiceQuotaCommand({ ServiceCode: "ec2", QuotaCode: "L-1" }),
      ),
  ],
  ["InvalidDocument", "Message", command],
  ["InternalServerError", "Message", command],
];

const assume = (config: Options) =>
  new STSClient(config).send(new AssumeRoleCommand({ RoleArn: "arn", RoleSessionName: "name" }));
const health = (config: Options) =>
  new ElasticLoadBalancingV2Client(config).send(
    new DescribeTargetHealthCommand({ TargetGroupArn: "arn" }),
  );

/** The name that our adapters know is the class's, and not always the code. */
const inXmlCases: readonly (readonly [code: string, name: string, Send])[] = [
  ["ExpiredTokenException", "ExpiredTokenException", assume],
  ["IDPCommunicationError", "IDPCommunicationErrorException", assume],
  ["AccessDenied", "AccessDenied", assume],
  ["TargetGroupNotFound", "TargetGroupNotFoundException", health],
  ["InvalidTarget", "InvalidTargetException", health],
  [
    "LoadBalancerNotFound",
    "AccessPointNotFoundException",
    (config) => new ElasticLoadBalancingClient(config).send(new DescribeLoadBalancersCommand({})),
  ],
  [
    "StackSetNotFoundException",
    "StackSetNotFoundException",
    (config) =>
      new CloudFormationClient(config).send(new GetTemplateCommand({ StackName: "stack" })),
  ],
  [
    "ResourceContention",
    "ResourceContentionFault",
    (config) => new AutoScalingClient(config).send(new DescribeAutoScalingGroupsCommand({})),
  ],
];

const cases: readonly (readonly [name: string, HttpResponse, Send])[] = [
  ...inJsonCases.map(([code, member, send]) => [code, inJson(code, member), send] as const),
  ...inXmlCases.map(([code, name, send]) => [name, inXml(code), send] as const),
];

const tell = async (): Promise<void> => {
  const told = [];
  for (const [expected, response, send] of cases) {
    const error: unknown = await send(options(response)).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    const { $fault } = error as { readonly $fault?: string };
    told.push({ expected, ...readFailure(error), fault: $fault });
  }
  process.stdout.write(JSON.stringify(told));
};

void tell();
