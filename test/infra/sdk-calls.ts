/**
 * Prints what the SDK sends for calls in each of its protocols, and what it reads of an answer: as JSON. Bundled and run by
 * tree-shaking.test.ts, with the SDK's schemas and rules for endpoints and with those of our bundles.
 */
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { CloudFormationClient, GetTemplateCommand } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import {
  DescribeNodegroupCommand,
  EKSClient,
  UpdateNodegroupConfigCommand,
} from "@aws-sdk/client-eks";
import { KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { ListHostedZonesCommand, Route53Client } from "@aws-sdk/client-route-53";
import { SendCommandCommand, SSMClient } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { HttpRequest } from "@smithy/core/protocols";
import { HttpResponse } from "@smithy/core/protocols";

const sent: unknown[] = [];

/** Others differ from call to call. */
const headersOf = ({ headers }: HttpRequest) =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => /^(content-|x-amz-target|x-amzn-|host$)/.test(name)),
  );

const bytesOf = (body: unknown): Buffer =>
  body instanceof Uint8Array
    ? Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    : Buffer.from(typeof body === "string" ? body : "");

const answering = (type: string, body: string) => ({
  region: "eu-west-1",
  maxAttempts: 1,
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
  requestHandler: {
    handle: (request: HttpRequest) => {
      const { protocol, hostname, method, path, query } = request;
      const body64 = bytesOf(request.body).toString("base64");
      sent.push({ protocol, hostname, method, path, query, headers: headersOf(request), body64 });
      const response = new HttpResponse({
        statusCode: 200,
        headers: { "content-type": type, "x-amzn-requestid": "request-1" },
        body: Buffer.from(body),
      });
      return Promise.resolve({ response });
    },
  },
});

const xml = (body: string) => answering("text/xml", body);
const json = (body: unknown) => answering("application/json", JSON.stringify(body));

const instances =
  '<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><reservationSet><item>' +
  "<instancesSet><item><instanceId>i-1</instanceId><launchTime>2026-11-01T10:00:00.000Z</launchTime><ebsOptimized>true</ebsOptimized>" +
  "<cpuOptions><coreCount>2</coreCount></cpuOptions><tagSet><item><key>a</key><value>b &amp; c</value></item></tagSet></item></instancesSet>" +
  "</item></reservationSet></DescribeInstancesResponse>";

const groups =
  "<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult><AutoScalingGroups><member><AutoScalingGroupName>shop</AutoScalingGroupName>" +
  "<MinSize>1</MinSize><AvailabilityZones><member>eu-west-1a</member></AvailabilityZones><MixedInstancesPolicy><InstancesDistribution>" +
  "<SpotMaxPrice>0.1</SpotMaxPrice></InstancesDistribution></MixedInstancesPolicy><CreatedTime>2026-11-01T10:00:00Z</CreatedTime></member>" +
  "</AutoScalingGroups></DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>";

const session =
  "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>AKID</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>" +
  "<Expiration>2026-11-01T10:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";

const zones =
  "<ListHostedZonesResponse><HostedZones><HostedZone><Id>/hostedzone/Z1</Id><Name>example.com.</Name><ResourceRecordSetCount>3</ResourceRecordSetCount>" +
  "</HostedZone></HostedZones><IsTruncated>false</IsTruncated><MaxItems>100</MaxItems></ListHostedZonesResponse>";

const template =
  "<GetTemplateResponse><GetTemplateResult><TemplateBody>{}</TemplateBody><StagesAvailable><member>Original</member></StagesAvailable>" +
  "</GetTemplateResult></GetTemplateResponse>";

const ofQueries: readonly (() => Promise<unknown>)[] = [
  () => new EC2Client(xml(instances)).send(new DescribeInstancesCommand({ InstanceIds: ["i-1"] })),
  () =>
    new EC2Client(xml("<RunInstancesResponse/>")).send(
      new RunInstancesCommand({
        MinCount: 1,
        MaxCount: 1,
        ClientToken: "token",
        BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: 8, Encrypted: true } }],
        InstanceMarketOptions: {
          MarketType: "spot",
          SpotOptions: { ValidUntil: new Date("2026-11-01T10:00:00Z") },
        },
        TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "a", Value: "b" }] }],
      }),
    ),
  () => new AutoScalingClient(xml(groups)).send(new DescribeAutoScalingGroupsCommand({})),
  () =>
    new AutoScalingClient(xml("<UpdateAutoScalingGroupResponse/>")).send(
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: "shop",
        MixedInstancesPolicy: {
          LaunchTemplate: {
            Overrides: [{ InstanceRequirements: { VCpuCount: { Min: 2 }, MemoryMiB: { Min: 1 } } }],
          },
        },
      }),
    ),
  () =>
    new STSClient(xml(session)).send(
      new AssumeRoleCommand({ RoleArn: "arn", RoleSessionName: "name", Tags: [] }),
    ),
  () => new CloudFormationClient(xml(template)).send(new GetTemplateCommand({ StackName: "shop" })),
  () => new Route53Client(xml(zones)).send(new ListHostedZonesCommand({ MaxItems: 100 })),
];

const ofJson: readonly (() => Promise<unknown>)[] = [
  () =>
    new DynamoDBClient(json({})).send(
      new PutItemCommand({
        TableName: "table",
        Item: { pk: { S: "a" }, bytes: { B: Buffer.from("b") }, list: { L: [{ N: "1" }] } },
      }),
    ),
  () =>
    new DynamoDBClient(
      json({ Items: [{ bytes: { B: "Yg==" }, map: { M: { a: { BOOL: true } } } }] }),
    ).send(new QueryCommand({ TableName: "table", KeyConditionExpression: "pk = :pk" })),
  () =>
    new EKSClient(
      json({ nodegroup: { nodegroupName: "n", createdAt: 1793527200, labels: { a: "b" } } }),
    ).send(new DescribeNodegroupCommand({ clusterName: "shop", nodegroupName: "n/1" })),
  () =>
    new EKSClient(json({})).send(
      new UpdateNodegroupConfigCommand({
        clusterName: "shop",
        nodegroupName: "n",
        clientRequestToken: "token",
        taints: { removeTaints: [{ key: "a", effect: "NO_EXECUTE" }] },
      }),
    ),
  () =>
    new SSMClient(json({ Command: { CommandId: "c", RequestedDateTime: 1793527200.5 } })).send(
      new SendCommandCommand({ DocumentName: "document", Parameters: { commands: ["ls"] } }),
    ),
  () =>
    new CloudWatchClient(json({ MetricAlarms: [{ AlarmName: "a" }] })).send(
      new DescribeAlarmsCommand({ AlarmNames: ["a"] }),
    ),
  () =>
    new KMSClient(json({ Signature: "Yg==" })).send(
      new SignCommand({
        KeyId: "key",
        Message: Buffer.from("text"),
        SigningAlgorithm: "ECDSA_SHA_256",
      }),
    ),
  () =>
    new LambdaClient(json({ a: 1 })).send(
      new InvokeCommand({ FunctionName: "name", Payload: Buffer.from("{}"), LogType: "Tail" }),
    ),
];

const tell = async (): Promise<void> => {
  const read: unknown[] = [];
  for (const call of [...ofQueries, ...ofJson]) read.push(await call());
  process.stdout.write(JSON.stringify({ sent, read }));
};

void tell();
