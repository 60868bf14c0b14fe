import { expect, it } from "@jest/globals";
import { EC2Client } from "@aws-sdk/client-ec2";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { createCustomerAccess } from "../../../lambdas/runtime/customer-access.ts";
import { account, after, start } from "../../adapters/store/examples.ts";

const sts = new STSClient({ region: "us-east-1" });
const mock = mockClient(sts);

const access = () => {
  let seconds = 0;
  const made: string[] = [];
  mock.reset();
  mock.on(AssumeRoleCommand).resolves({
    Credentials: {
      AccessKeyId: "AKID",
      SecretAccessKey: "secret",
      SessionToken: "token",
      Expiration: new Date(start.getTime() + 3_600_000),
    },
  });
  const opened = createCustomerAccess({
    sts,
    now: () => after(seconds),
    makers: {
      ec2: (region) => {
        made.push(region);
        return new EC2Client({ region });
      },
    },
  });
  return {
    ...opened,
    made,
    pass: (more: number) => {
      seconds += more;
    },
  };
};

it("one session and one set of clients serve an evaluation in a region, with the clients that were named, each made when it is first read", async () => {
  const { customer, openCustomer, made } = access();
  expect(openCustomer("eu-west-1", "evl-1")).toBeUndefined();
  const first = await customer(account(), "eu-west-1", "evl-1");
  expect(Object.keys(first)).toEqual(["ec2"]);
  expect(await customer(account(), "eu-west-1", "evl-1")).toBe(first);
  expect(await openCustomer("eu-west-1", "evl-1")).toBe(first);
  expect(made).toEqual([]);
  expect(first.ec2).toBe(first.ec2);
  expect(made).toEqual(["eu-west-1"]);
  expect(mock.commandCalls(AssumeRoleCommand)).toHaveLength(1);
});

it("another region has clients of its own in the same session", async () => {
  const { customer, made } = access();
  const one = await customer(account(), "eu-west-1", "evl-1");
  const other = await customer(account(), "ap-south-1", "evl-1");
  expect(one.ec2).not.toBe(other.ec2);
  expect(made).toEqual(["eu-west-1", "ap-south-1"]);
  expect(mock.commandCalls(AssumeRoleCommand)).toHaveLength(1);
});

it("a session that nears its end, or was turned away, is opened anew", async () => {
  const { customer, openCustomer, forgetSessions, pass } = access();
  await customer(account(), "eu-west-1", "evl-1");
  forgetSessions(account());
  expect(openCustomer("eu-west-1", "evl-1")).toBeUndefined();
  await customer(account(), "eu-west-1", "evl-1");
  expect(mock.commandCalls(AssumeRoleCommand)).toHaveLength(2);
  pass(3_600 - 299);
  expect(openCustomer("eu-west-1", "evl-1")).toBeUndefined();
});
