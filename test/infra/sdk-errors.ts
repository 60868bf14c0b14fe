/**
 * Prints what the product reads of an error, for answers of every service whose error classes are left out of the bundles: as JSON. Bundled
 * and run by bundle.test.ts, with the classes and without.
 */
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetProductsCommand, PricingClient } from "@aws-sdk/client-pricing";
import { DeleteGroupCommand, ResourceGroupsClient } from "@aws-sdk/client-resource-groups";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { SendCommandCommand, SSMClient } from "@aws-sdk/client-ssm";
import { HttpResponse } from "@smithy/core/protocols";
import { readFailure } from "../../adapters/aws/failure.ts";

const answer = (code: string, member: string): HttpResponse =>
  new HttpResponse({
    statusCode: code.startsWith("InternalServer") ? 500 : 400,
    headers: {
      "content-type": "application/json",
      "x-amzn-errortype": code,
      "x-amzn-requestid": "request-1",
    },
    body: Buffer.from(JSON.stringify({ __type: `com.amazonaws#${code}`, [member]: "It is so." })),
  });

const options = (code: string, member: string) => ({
  region: "us-east-1",
  maxAttempts: 1,
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
  requestHandler: { handle: () => Promise.resolve({ response: answer(code, member) }) },
});

type Options = ReturnType<typeof options>;

const put = (config: Options) =>
  new DynamoDBClient(config).send(new PutItemCommand({ TableName: "table", Item: {} }));
const command = (config: Options) =>
  new SSMClient(config).send(new SendCommandCommand({ DocumentName: "document" }));

const cases: readonly (readonly [string, string, (config: Options) => Promise<unknown>])[] = [
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
  ["InvalidDocument", "Message", command],
  ["InternalServerError", "Message", command],
];

const tell = async (): Promise<void> => {
  const told = [];
  for (const [code, member, send] of cases) {
    const error: unknown = await send(options(code, member)).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    const { $fault } = error as { readonly $fault?: string };
    told.push({ expected: code, ...readFailure(error), fault: $fault });
  }
  process.stdout.write(JSON.stringify(told));
};

void tell();
