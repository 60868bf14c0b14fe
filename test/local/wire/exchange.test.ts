import { describe, expect, it } from "@jest/globals";
import { CloudError, type ServiceModule } from "../../../local/cloud/contract.ts";
import { type Cloud, createCloud } from "../../../local/cloud/dispatch.ts";
import { VirtualClock } from "../../../local/cloud/clock.ts";
import { exchange } from "../../../local/wire/exchange.ts";
import type { WireRequest } from "../../../local/wire/messages.ts";

const echo = (_: unknown, input: unknown): unknown => {
  received = input;
  return {};
};
let received: unknown;

const services: readonly ServiceModule[] = [
  {
    service: "ec2",
    operations: {
      DescribeInstances: echo,
      RunInstances: echo,
      RebootInstances: echo,
      StopInstances: () => {
        throw new CloudError("IncorrectInstanceState", "It's <odd> & sad.");
      },
    },
  },
  {
    service: "autoscaling",
    operations: {
      DescribeAutoScalingGroups: echo,
      DescribeTags: () => {
        throw new CloudError("ResourceContention", "Later.", 500);
      },
    },
  },
  {
    service: "states",
    operations: {
      StartExecution: echo,
      DescribeExecution: () => {
        throw new CloudError("ExecutionDoesNotExist", "There is none.");
      },
    },
  },
  { service: "eks", operations: { DescribeNodegroup: echo, ListNodegroups: echo } },
];

const cloud: Cloud = createCloud({
  clock: new VirtualClock(Date.UTC(2024, 0, 1)),
  seed: 1,
  throttle: false,
});
cloud.serve(...services);

const signedFor = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=${cloud.identities.operator.accessKeyId}/20240101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=00`;

const send = async (
  service: string,
  request: Partial<Omit<WireRequest, "query">> & { readonly query?: string },
): Promise<{ readonly status: number; readonly body: string }> => {
  received = undefined;
  const { query = "", headers = {}, ...rest } = request;
  const { status, body } = await exchange(cloud, {
    method: "POST",
    path: "/",
    body: "",
    ...rest,
    query: new URLSearchParams(query),
    headers: { authorization: signedFor(service), ...headers },
  });
  return { status, body: typeof body === "string" ? body : new TextDecoder().decode(body) };
};

const ec2 = (form: string): ReturnType<typeof send> =>
  send("ec2", { body: `Version=2016-11-15&${form}` });

const autoScaling = (form: string): ReturnType<typeof send> =>
  send("autoscaling", { body: `Version=2011-01-01&${form}` });

const states = (operation: string, body: string): ReturnType<typeof send> =>
  send("states", { headers: { "x-amz-target": `AWSStepFunctions.${operation}` }, body });

describe("query requests", () => {
  it("lists are read in the order of their numbers, gaps closed", async () => {
    await ec2("Action=DescribeInstances&InstanceId.10=c&InstanceId.2=b&InstanceId.1=a");
    expect(received).toEqual({ InstanceIds: ["a", "b", "c"] });
  });

  it("an empty list is said by the bare key", async () => {
    await autoScaling("Action=DescribeAutoScalingGroups&AutoScalingGroupNames=");
    expect(received).toEqual({ AutoScalingGroupNames: [] });
  });

  it.each([
    ["an unknown parameter", "Action=DescribeInstances&Colour=red", "UnknownParameter", "Colour"],
    [
      "an unknown nested one",
      "Action=DescribeInstances&Filter.1.Nam=x",
      "UnknownParameter",
      "Filter.1.Nam",
    ],
    [
      "a list without numbers",
      "Action=DescribeInstances&InstanceId=i-1",
      "InvalidParameterValue",
      "InstanceId",
    ],
    [
      "a list numbered in words",
      "Action=DescribeInstances&InstanceId.one=i-1",
      "InvalidParameterValue",
      "InstanceId.one",
    ],
    [
      "a number that is none",
      "Action=DescribeInstances&MaxResults=many",
      "InvalidParameterValue",
      "MaxResults",
    ],
    [
      "a boolean that is none",
      "Action=DescribeInstances&DryRun=maybe",
      "InvalidParameterValue",
      "DryRun",
    ],
    [
      "a value where there are members",
      "Action=RunInstances&Placement=here",
      "InvalidParameterValue",
      "Placement",
    ],
    [
      "members where there is a value",
      "Action=DescribeInstances&MaxResults.1=5",
      "InvalidParameterValue",
      "MaxResults",
    ],
    [
      "a parameter given twice",
      "Action=DescribeInstances&MaxResults=5&MaxResults=6",
      "InvalidParameterValue",
      "MaxResults",
    ],
    ["no action", "", "InvalidAction", "(none)"],
    ["an unknown action", "Action=Explode", "InvalidAction", "Explode"],
  ])("%s is refused by name", async (...[, form, code, named]) => {
    const { status, body } = await ec2(form);
    expect(status).toBe(400);
    expect(body).toContain(`<Code>${code}</Code>`);
    expect(body).toContain(named);
  });

  it("a list of Auto Scaling without .member is refused", async () => {
    const form = "Action=DescribeAutoScalingGroups&AutoScalingGroupNames.1=a";
    expect((await autoScaling(form)).body).toContain("<Code>ValidationError</Code>");
  });

  it("an operation without output answers as EC2 does", async () => {
    const { body } = await ec2("Action=RebootInstances&InstanceId.1=i-1");
    expect(body).toMatch(/<RebootInstancesResponse xmlns="[^"]+">.*<return>true<\/return>/s);
  });

  it("an API version that isn't simulated is refused, though the signing name is known", async () => {
    const form = "Version=2009-05-15&Action=DescribeLoadBalancers";
    const { body } = await send("elasticloadbalancing", { body: form });
    expect(body).toContain("<Code>InvalidAction</Code>");
    expect(body).toContain("2009-05-15");
  });

  it("a presigned GET is understood", async () => {
    const { authorization, ...headers } = { authorization: undefined };
    const credential = /Credential=([^,]+)/.exec(signedFor("ec2"))?.[1] ?? "";
    const { status } = await exchange(cloud, {
      method: "GET",
      path: "/",
      body: "",
      headers: { ...headers, authorization },
      query: new URLSearchParams({
        Action: "DescribeInstances",
        Version: "2016-11-15",
        "InstanceId.1": "i-1",
        "X-Amz-Credential": credential,
        "X-Amz-Signature": "00",
      }),
    });
    expect(status).toBe(200);
    expect(received).toEqual({ InstanceIds: ["i-1"] });
  });
});

describe("JSON requests", () => {
  const arn = "arn:aws:states:eu-west-1:111122223333:stateMachine:linear";

  it.each([
    ["not JSON", "{", "SerializationException", "not JSON"],
    ["a wrong type", '{"stateMachineArn":7}', "SerializationException", "stateMachineArn"],
    [
      "an unknown parameter",
      `{"stateMachineArn":"${arn}","colour":1}`,
      "ValidationException",
      "colour",
    ],
    ["a missing parameter", "{}", "ValidationException", "stateMachineArn"],
  ])("%s is refused by name", async (...[, body, code, named]) => {
    const answer = await states("StartExecution", body);
    const error = JSON.parse(answer.body) as { __type: string; message: string };
    expect(error.__type).toBe(code);
    expect(error.message).toContain(named);
  });

  it("an unknown target is UnknownOperationException", async () => {
    expect((await states("Explode", "{}")).body).toContain("UnknownOperationException");
  });
});

describe("REST requests", () => {
  it("labels are decoded, and query parameters read by type", async () => {
    const path = "/clusters/c%201/node-groups";
    await send("eks", { method: "GET", path, query: "maxResults=7&nextToken=t" });
    expect(received).toEqual({ clusterName: "c 1", maxResults: 7, nextToken: "t" });
    await send("eks", { method: "GET", path: "/clusters/c1/node-groups/n1" });
    expect(received).toEqual({ clusterName: "c1", nodegroupName: "n1" });
  });

  it.each([
    ["an unknown path", { method: "GET", path: "/nowhere" }, "UnknownOperationException"],
    [
      "an unknown query parameter",
      { method: "GET", path: "/clusters/c/node-groups", query: "colour=red" },
      "ValidationException",
    ],
    [
      "a number that is none",
      { method: "GET", path: "/clusters/c/node-groups", query: "maxResults=x" },
      "SerializationException",
    ],
  ])("%s is refused", async (_, request, code) => {
    const { status, body } = await send("eks", request);
    expect(status).toBe(400);
    expect(body).toContain(code);
  });
});

describe("errors as each protocol writes them", () => {
  it("EC2: Response/Errors/Error, escaped", async () => {
    const { status, body } = await ec2("Action=StopInstances&InstanceId.1=i-1");
    expect(status).toBe(400);
    expect(body).toContain(
      "<Response><Errors><Error><Code>IncorrectInstanceState</Code><Message>It's &lt;odd&gt; &amp; sad.</Message></Error></Errors><RequestID>",
    );
  });

  it("query: ErrorResponse with whose fault it is", async () => {
    const { status, body } = await autoScaling("Action=DescribeTags");
    expect(status).toBe(500);
    expect(body).toContain("<Type>Receiver</Type><Code>ResourceContention</Code>");
  });

  it("JSON: __type and message", async () => {
    const arn = "arn:aws:states:eu-west-1:111122223333:execution:linear:x";
    const { body } = await states("DescribeExecution", JSON.stringify({ executionArn: arn }));
    expect(JSON.parse(body)).toMatchObject({
      __type: "ExecutionDoesNotExist",
      message: "There is none.",
    });
  });

  it("whoever doesn't sign is refused in the protocol that the request speaks", async () => {
    const headers = { authorization: undefined };
    const form = "Version=2016-11-15&Action=DescribeInstances";
    const query = await send("", { headers, body: form });
    expect(query).toMatchObject({ status: 403 });
    expect(query.body).toContain("<Code>MissingAuthenticationToken</Code>");
    const target = { "x-amz-target": "AWSStepFunctions.StartExecution" };
    const json = await send("", {
      headers: { ...headers, ...target },
      body: JSON.stringify({ stateMachineArn: "a" }),
    });
    expect(json.body).toContain("MissingAuthenticationTokenException");
    expect((await send("", { headers, body: "Version=1" })).status).toBe(400);
  });
});
